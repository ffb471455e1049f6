import Swiftlet

/// Where the results of the last call lie in the arena.
@safe struct Results {
  private(set) var text: UnsafePointer<UInt8>?
  private(set) var textCount = 0
  private(set) var ids: UnsafePointer<UInt32>?
  private(set) var logProbabilities: UnsafePointer<Float>?
  private(set) var idCount = 0
  private(set) var vector: UnsafePointer<Float>?
  private(set) var vectorCount = 0

  /// No results.
  init() {}

  /// The results of `translator`, valid until it translates again.
  init(_ translator: borrowing Translator) {
    unsafe text = unsafe translator.text.withUnsafeBufferPointer { $0.baseAddress }
    textCount = translator.text.count
    unsafe ids = unsafe translator.ids.withUnsafeBufferPointer { $0.baseAddress }
    unsafe logProbabilities = unsafe translator.logProbabilities.withUnsafeBufferPointer { $0.baseAddress }
    idCount = translator.ids.count
  }

  /// The vector of `embedder`, valid until it makes another.
  init(_ embedder: borrowing Embedder) {
    unsafe vector = unsafe embedder.result.withUnsafeBufferPointer { $0.baseAddress }
    vectorCount = embedder.result.count
  }
}
