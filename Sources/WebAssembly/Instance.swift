import Swiftlet
import SwiftletArena
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTransformer

/// What the module holds between calls, which come one at a time: one model, what runs it, what was wrong last.
enum Instance {
  /// The place for the model.
  nonisolated(unsafe) static var model = UnsafeMutableRawBufferPointer(start: nil, count: 0)
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
    error.describe(to: &message)
    return -1
  }

  /// Memory that is never given back: WebAssembly's can't be.
  static func reserve(_ count: Int) throws(SystemError) -> UnsafeMutableRawBufferPointer {
    try AnonymousMemory(count: max(count, 1)).bytes
  }

  /// Closes what was open, and opens the model in the first `count` bytes of its place.
  static func open(_ count: Int, maximumSource: Int?, maximumTarget: Int?) throws(SwiftletError) {
    close()
    let bytes = UnsafeRawBufferPointer(rebasing: model[..<min(max(count, 0), model.count)])
    let file: ModelFile
    do { file = try ModelFile(MappedFile(memory: bytes)) } catch { throw .file(error) }
    if file.architecture.task.decodes {
      let opened = try Translator(file, source: maximumSource, target: maximumTarget)
      let place = try placeToRun().bindMemory(to: Translator.self, capacity: 1)
      place.initialize(to: opened)
      translator = place
    } else {
      let opened = try Embedder(file, longest: maximumSource)
      let place = try placeToRun().bindMemory(to: Embedder.self, capacity: 1)
      place.initialize(to: opened)
      embedder = place
    }
  }

  /// Where the caller writes texts.
  static var input: UnsafeMutableRawBufferPointer {
    translator?.pointee.input.bytes ?? embedder?.pointee.input
      ?? UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  /// The first `count` bytes of these.
  static func text(_ count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: input[..<min(max(count, 0), input.count)])
  }

  private static func close() {
    translator?.deinitialize(count: 1)
    translator = nil
    embedder?.deinitialize(count: 1)
    embedder = nil
    results = Results()
    digest = Digest()
  }

  /// Takes the results of a translation.
  static func take(_ translator: borrowing Translator) {
    results = Results(translator)
    digest.update(translator.ids, translator.logProbabilities)
  }

  /// Takes the vector of a text.
  static func take(_ embedder: borrowing Embedder) {
    results = Results(embedder)
    digest.update(embedder.result)
  }

  private static func placeToRun() throws(SwiftletError) -> UnsafeMutableRawPointer {
    if let place { return place }
    let size = max(MemoryLayout<Translator>.size, MemoryLayout<Embedder>.size)
    do throws(SystemError) {
      let new = try reserve(size).baseAddress.unsafelyUnwrapped
      place = new
      return new
    } catch {
      throw .memory(.refused(requested: size, lower: .model, error))
    }
  }
}

/// A text of at most 512 bytes; what is longer is cut.
struct Message: ByteSink {
  var bytes = InlineArray<512, UInt8>(repeating: 0)
  private(set) var count = 0

  mutating func write(_ text: UnsafeRawBufferPointer) {
    for index in 0..<min(text.count, bytes.count - count) {
      bytes[count] = text[index]
      count += 1
    }
  }
}
