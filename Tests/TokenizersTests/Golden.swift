import Foundation
import SwiftletConversion
import SwiftletSources
import SwiftletTokenizers

/// What sentencepiece makes of texts and ids: made by `tools/reference/tokenizer.py`.
struct Golden: Decodable {
  struct Encoded: Decodable {
    let text: String
    let ids: [UInt32]
    let decoded: String
  }
  struct Broken: Decodable {
    let hex: String
    let ids: [UInt32]
  }
  struct Decoded: Decodable {
    let ids: [UInt32]
    let text: String
  }
  let encode: [Encoded]
  let broken: [Broken]
  let decode: [Decoded]

  static func read(_ name: String) throws -> Golden {
    try JSONDecoder().decode(Golden.self, from: Data(contentsOf: fixture(name + ".json")))
  }
}

let testFolder = URL(filePath: #filePath).deletingLastPathComponent()
let enFr = testFolder.appending(path: "../../weights/en-fr/")

func fixture(_ name: String) -> URL { testFolder.appending(path: "Fixtures/" + name) }

func bytes(_ url: URL) throws -> [UInt8] { Array(try Data(contentsOf: url)) }

func bytes(hex: String) -> [UInt8] {
  let digits = hex.utf8.map { UInt8(Character(Unicode.Scalar($0)).hexDigitValue ?? 0) }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// A section in memory of its own, aligned, and everything that encoding and decoding need.
///
/// The optimiser may end an object's life after its last use, in the middle of a method: each keeps `self` to its end.
/// And none is inlined: of an array that the caller doesn't want, it ends the life before the copy into it is made.
@safe final class Tokenizing {
  let section: UnsafeMutableRawBufferPointer
  /// As large as the scratch that encoding and decoding are lent, at most.
  static let limit = 32_768
  private let normalized = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: limit)
  private let lattice = UnsafeMutableBufferPointer<LatticeNode>.allocate(capacity: limit)
  private let ids = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: limit)
  private let output = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4 * limit)

  init(_ section: [UInt8]) {
    unsafe self.section = .allocate(byteCount: section.count, alignment: 8)
    unsafe self.section.copyBytes(from: section)
    unsafe normalized.initialize(repeating: 0xAA)
    unsafe lattice.initialize(repeating: LatticeNode())
    unsafe ids.initialize(repeating: .max)
    unsafe output.initialize(repeating: 0xAA)
  }

  deinit {
    unsafe section.deallocate()
    unsafe normalized.deallocate()
    unsafe lattice.deallocate()
    unsafe ids.deallocate()
    unsafe output.deallocate()
  }

  func open() throws(TokenizerError) -> UnigramTokenizer {
    defer { withExtendedLifetime(self) {} }
    return try unsafe UnigramTokenizer(section: UnsafeRawBufferPointer(section))
  }

  @inline(never)
  func encode(
    _ text: [UInt8], with tokenizer: UnigramTokenizer, ids idLimit: Int = limit,
    normalized normalizedLimit: Int = limit, lattice latticeLimit: Int = limit
  ) throws(TokenizerError) -> [UInt32] {
    defer { withExtendedLifetime(self) {} }
    var idSpan = unsafe MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: ids[..<idLimit]))
    var normalizedSpan = unsafe MutableSpan(
      _unsafeElements: UnsafeMutableBufferPointer(rebasing: normalized[..<normalizedLimit]))
    var latticeSpan = unsafe MutableSpan(
      _unsafeElements: UnsafeMutableBufferPointer(rebasing: lattice[..<latticeLimit]))
    let count = try tokenizer.encode(
      text.span, into: &idSpan, normalized: &normalizedSpan, lattice: &latticeSpan)
    return unsafe Array(ids[..<count])
  }

  @inline(never)
  func decode(
    _ ids: [UInt32], with tokenizer: UnigramTokenizer, bytes limit: Int = 4 * limit
  ) throws(TokenizerError) -> [UInt8] {
    defer { withExtendedLifetime(self) {} }
    var span = unsafe MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: output[..<limit]))
    let count = try tokenizer.decode(ids.span, into: &span)
    return unsafe Array(output[..<count])
  }
}

/// The en-fr model's section, built once.
func enFrSection() throws -> [UInt8] { try builtOnce.get() }

private let builtOnce = Result {
  let model = try SentencePieceModel(try bytes(enFr.appending(path: "source.spm")))
  let vocabulary = try Vocabulary(json: try bytes(enFr.appending(path: "vocab.json")))
  return try unigramSection(model: model, vocabulary: vocabulary, unknownID: 1, takesLanguageCodes: true)
}

/// What PyTorch's model was given and wrote for a sentence of the English-French model's development set.
struct DevGolden: Decodable {
  let source_ids: [UInt32]
  let ids: [UInt32]
  let text: String

  /// All sentences, in English, with theirs.
  static func all() throws -> [(sentence: [UInt8], golden: DevGolden)] {
    func lines(_ name: String) throws -> [Substring] {
      try String(contentsOf: enFr.appending(path: name), encoding: .utf8).split(separator: "\n")
    }
    return try zip(lines("dev.tsv"), lines("dev.pytorch.jsonl")).map { sentence, json in
      (Array(sentence.utf8.prefix { $0 != 9 }), try JSONDecoder().decode(Self.self, from: Data(json.utf8)))
    }
  }
}

/// A small model's section: ids are the model's own.
func smallSection(_ name: String) throws -> [UInt8] {
  try unigramSection(model: SentencePieceModel(try bytes(fixture(name + ".model"))))
}
