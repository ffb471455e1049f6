import SwiftletConversion
import SwiftletFamilies
import SwiftletSources
import SwiftletTokenizers

extension FuzzTarget {
  /// JSON text, for the reader of configurations and for that of `vocab.json`, which agree on what is JSON.
  static let json = unsafe FuzzTarget("json", longest: 2048, seeds: Seeds.json) {
    (input) throws(BrokenPromise) in
    let value = try attempt { unsafe try StrictJSON(input) }
    _ = value?.excerpt
    guard let vocabulary = try attempt({ unsafe try Vocabulary(json: Array(input)) }) else { return }
    guard case .object(let object) = value else {
      throw BrokenPromise("the vocabulary's reader takes what is no JSON object")
    }
    for (id, text) in vocabulary.texts.enumerated() {
      try expect(object[text.description] == .integer(id), "\(text) has another id in one reader: \(id)")
    }
  }

  /// A safetensors file.
  static let safetensors = unsafe FuzzTarget("safetensors", longest: 4096, seeds: Seeds.safetensors) {
    (input) throws(BrokenPromise) in
    let path = unsafe ScratchFiles.shared.file(input)
    guard let file = try attempt({ try Safetensors(path: path) }) else { return }
    let bytes = file.tensors.reduce(0) { $0 + $1.byteCount }
    try expect(bytes <= input.count, "tensors of \(bytes) bytes in a file of \(input.count)")
    try readAll(file.tensors)
  }

  /// A `pytorch_model.bin`, of either kind.
  static let torch = unsafe FuzzTarget("torch", longest: 4096, seeds: Seeds.torch) {
    (input) throws(BrokenPromise) in
    let path = unsafe ScratchFiles.shared.file(input)
    guard let file = try attempt({ try TorchCheckpoint(path: path) }) else { return }
    try readAll(file.tensors)
  }

  /// A SentencePiece model, and a text for it.
  static let sentencePiece = unsafe FuzzTarget(
    "sentencepiece", .parts(2), longest: 1 << 13, seeds: Seeds.sentencePiece
  ) {
    (input) throws(BrokenPromise) in
    let parts = unsafe Parts.split(input, 2)
    let section = try attempt {
      unsafe try sentencePieceSection(try SentencePieceModel(Array(parts[1]), types: [.unigram, .bytePairs]))
    }
    unsafe try tokenize(section, Array(parts[0]))
  }

  /// A file of llama2.c, and a `tokenizer.bin`.
  static let llama2C = unsafe FuzzTarget("llama2c", .parts(2), longest: 1 << 15, seeds: Seeds.llama2C) {
    (input) throws(BrokenPromise) in
    let parts = unsafe Parts.split(input, 2)
    let directory = unsafe ScratchFiles.shared.directory([
      ("model.bin", parts[1]), ("tokenizer.bin", parts[0]),
    ])
    try convert("\(directory)/model.bin")
  }
}

/// Reads every tensor, as far as the bytes of one are not those of thousands: a view may have steps of 0.
private func readAll(_ tensors: [SourceTensor]) throws(BrokenPromise) {
  for tensor in tensors.prefix(16) where tensor.isReadable {
    let (rows, row) = (tensor.rowCount, tensor.rowLength)
    guard row <= 1 << 14, rows > 0 else { continue }
    try attempt { _ = try tensor.floats(rows: 0..<min(rows, (1 << 14) / max(row, 1))) }
    try attempt { _ = try tensor.finiteFloats(rows: rows - 1..<rows) }
    if row > 0, rows <= 1 << 10 { try attempt { _ = try tensor.transposedFloats(columns: 0..<1) } }
    if tensor.hasQuantizedRows { try attempt { _ = try tensor.quantized(rows: 0..<1) } }
  }
}

/// Opens a section that the converter made, which is always possible, and makes tokens of a text.
func tokenize(_ section: [UInt8]?, _ text: [UInt8]) throws(BrokenPromise) {
  guard let section else { return }
  unsafe try section.withUnsafeBufferPointer { (bytes) throws(BrokenPromise) in
    unsafe try withCopy(UnsafeRawBufferPointer(bytes), alignment: 8) { (bytes) throws(BrokenPromise) in
      let harness: TokenizerHarness
      do throws(TokenizerError) { harness = unsafe try TokenizerHarness(bytes) } catch {
        throw BrokenPromise("the converter's section does not open: \(error.description)")
      }
      try harness.exercise(text)
    }
  }
}

/// Converts a source, and runs what it became: whatever is converted opens.
func convert(_ path: String) throws(BrokenPromise) {
  let target = "\(ScratchFiles.shared.path)/model.swiftlet"
  guard try attempt({ try Converter.convert(path, to: target) }) != nil else { return }
  try attempt {
    let source = try MappedSource(path: target)
    unsafe try source.withBytes(0..<source.count) { unsafe try runTasks($0) }
  }
}
