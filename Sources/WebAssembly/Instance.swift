import Swiftlet
import SwiftletArena
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTransformer

/// What the module holds between calls, which come one at a time: one model, what runs it, what was wrong last.
enum Instance {
  /// The place for the model.
  nonisolated(unsafe) static var model = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  /// The translator, while a model with a decoder is open.
  nonisolated(unsafe) static var translator: UnsafeMutablePointer<Translator>?
  /// The embedder, while an encoder alone is open.
  nonisolated(unsafe) static var embedder: UnsafeMutablePointer<Embedder>?
  nonisolated(unsafe) static var results = Results()
  nonisolated(unsafe) static var digest = Digest()
  nonisolated(unsafe) static var message = Message()
  /// Where a translator or an embedder lies: memory that was taken for the first.
  nonisolated(unsafe) private static var place: UnsafeMutableRawPointer?

  /// Keeps an error's text for `swiftlet_message`; returns what the failed function returns.
  static func fail(_ error: SwiftletError) -> Int {
    unsafe error.describe(to: &message)
    return -1
  }

  /// Memory that is never given back: WebAssembly's can't be.
  static func reserve(_ count: Int) throws(SystemError) -> UnsafeMutableRawBufferPointer {
    unsafe try AnonymousMemory(count: max(count, 1)).bytes
  }

  /// Closes what was open, and opens the model in the first `count` bytes of its place.
  static func open(_ count: Int, maximumSource: Int?, maximumTarget: Int?) throws(SwiftletError) {
    close()
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: model[..<min(max(count, 0), model.count)])
    let file: ModelFile
    do { file = unsafe try ModelFile(MappedFile(memory: bytes)) } catch { throw .file(error) }
    if file.architecture.task.decodes {
      let opened = try Translator(file, source: maximumSource, target: maximumTarget)
      let place = unsafe try placeToRun().bindMemory(to: Translator.self, capacity: 1)
      unsafe place.initialize(to: opened)
      unsafe translator = unsafe place
    } else {
      let opened = try Embedder(file, longest: maximumSource)
      let place = unsafe try placeToRun().bindMemory(to: Embedder.self, capacity: 1)
      unsafe place.initialize(to: opened)
      unsafe embedder = unsafe place
    }
  }

  /// Where the caller writes texts.
  static var input: UnsafeMutableRawBufferPointer {
    unsafe translator?.pointee.input.bytes ?? embedder?.pointee.input
      ?? UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  /// The first `count` bytes of these.
  static func text(_ count: Int) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: input[..<min(max(count, 0), input.count)])
  }

  private static func close() {
    unsafe translator?.deinitialize(count: 1)
    unsafe translator = nil
    unsafe embedder?.deinitialize(count: 1)
    unsafe embedder = nil
    unsafe results = Results()
    unsafe digest = Digest()
  }

  /// Takes the results of a translation.
  static func take(_ translator: borrowing Translator) {
    unsafe results = Results(translator)
    unsafe digest.update(translator.ids, translator.logProbabilities)
  }

  /// Takes the vector of a text.
  static func take(_ embedder: borrowing Embedder) {
    unsafe results = Results(embedder)
    unsafe digest.update(embedder.result)
  }

  private static func placeToRun() throws(SwiftletError) -> UnsafeMutableRawPointer {
    if let place = unsafe place { return unsafe place }
    let size = max(MemoryLayout<Translator>.size, MemoryLayout<Embedder>.size)
    do throws(SystemError) {
      let new = unsafe try reserve(size).baseAddress.unsafelyUnwrapped
      unsafe place = unsafe new
      return unsafe new
    } catch {
      throw .memory(.refused(requested: size, number: error.number, lower: .model))
    }
  }
}

/// A text of at most 512 bytes; what is longer is cut.
struct Message: ByteSink {
  var bytes = InlineArray<512, UInt8>(repeating: 0)
  private(set) var count = 0

  mutating func write(_ text: UnsafeRawBufferPointer) {
    for index in 0..<min(text.count, bytes.count - count) {
      bytes[count] = unsafe text[index]
      count += 1
    }
  }
}
