import Swiftlet
import SwiftletArena
import SwiftletPlatform

// What a WebAssembly module exports, besides its memory. It imports nothing. A function that can fail returns −1, and
// `swiftlet_message` says why.

/// Makes place for a model of `count` bytes, whose content the caller then writes there.
///
/// - Returns: Its address, a multiple of 64; 0 if the memory can't grow.
@c(swiftlet_reserve)
public func reserve(_ count: Int) -> UnsafeMutableRawPointer? {
  do { unsafe Instance.model = unsafe try Instance.reserve(count) } catch { return nil }
  return unsafe Instance.model.baseAddress
}

/// Opens the model in the first `count` bytes of the reserved place. The memory grows by what `swiftlet plan` calls
/// the arena.
///
/// - Parameters:
///   - maximumSource: The longest source in tokens; 0 for the model's, up to 256.
///   - maximumTarget: The longest target in tokens; 0 for the model's, up to 256.
/// - Returns: 0, or −1.
@c(swiftlet_open)
public func open(_ count: Int, _ maximumSource: Int, _ maximumTarget: Int) -> Int {
  unsafe Instance.message = Message()
  do throws(SwiftletError) {
    try Instance.open(
      count, maximumSource: maximumSource == 0 ? nil : maximumSource,
      maximumTarget: maximumTarget == 0 ? nil : maximumTarget)
    return 0
  } catch {
    return Instance.fail(error)
  }
}

/// Where the caller writes a text, in UTF-8, for `swiftlet_translate` or `swiftlet_embed`; 0 while no model is open.
@c(swiftlet_input)
public func input() -> UnsafeMutableRawPointer? { unsafe Instance.input.baseAddress }

/// How many bytes fit there.
@c(swiftlet_input_capacity)
public func inputCapacity() -> Int { unsafe Instance.input.count }

/// Translates the first `count` bytes of the input; with a decoder alone, goes on from them.
///
/// - Parameter maximumTokens: The most tokens of the translation; 0 for as many as fit.
/// - Returns: 0, or −1; also −1, without a message, while no model is open.
@c(swiftlet_translate)
public func translate(_ count: Int, _ maximumTokens: Int) -> Int {
  unsafe Instance.message = Message()
  unsafe Instance.results = Results()
  guard let translator = unsafe Instance.translator else { return -1 }
  let text = unsafe Instance.text(count)
  do throws(SwiftletError) {
    unsafe try translator.pointee.translate(
      Span(_unsafeBytes: text), maximumTokens: maximumTokens > 0 ? maximumTokens : .max)
  } catch {
    return Instance.fail(error)
  }
  unsafe Instance.take(translator.pointee)
  return 0
}

/// Makes a vector of the first `count` bytes of the input, with an encoder alone: `swiftlet_vector`.
///
/// - Returns: 0, or −1; also −1, without a message, while no such model is open.
@c(swiftlet_embed)
public func embed(_ count: Int) -> Int {
  unsafe Instance.message = Message()
  unsafe Instance.results = Results()
  guard let embedder = unsafe Instance.embedder else { return -1 }
  do throws(SwiftletError) {
    unsafe try embedder.pointee.embed(Span(_unsafeBytes: Instance.text(count)))
  } catch {
    return Instance.fail(error)
  }
  unsafe Instance.take(embedder.pointee)
  return 0
}
