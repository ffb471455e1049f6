import Foundation
import SwiftletConversion
import SwiftletSources
import SwiftletTokenizers
import Synchronization

/// The lines and what the references make of them: made by `tools/reference/tokenizer_kinds.py`.
enum KindGolden {
  /// All lines.
  static func lines() throws -> [String] { try linesReadOnce.get() }

  private static let linesReadOnce = Result {
    try JSONDecoder().decode([String].self, from: Data(contentsOf: kindFixture("lines.json")))
  }

  /// A hash for each line: of its ids and of the text that these decode to.
  static func hashes(_ name: String) throws -> [String] {
    try String(contentsOf: kindFixture(name + ".hashes"), encoding: .utf8).split { $0.isWhitespace }.map {
      String($0)
    }
  }

  /// 24 bits of FNV-1a, in base 64.
  static func hash(_ ids: [UInt32], _ text: [UInt8]) -> String {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    let idBytes = ids.flatMap { id in (0..<4).map { UInt8(truncatingIfNeeded: id >> UInt32(8 * $0)) } }
    for byte in idBytes + text { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    value ^= value >> 32
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    return String((0..<4).map { alphabet[Int(value >> UInt64(6 * $0) & 63)] })
  }

  struct Pair: Decodable {
    let first: String
    let second: String
    let ids: [UInt32]
    let segments: [UInt8]
  }

  static func pairs() throws -> [String: [Pair]] {
    try JSONDecoder().decode([String: [Pair]].self, from: Data(contentsOf: kindFixture("pairs.json")))
  }
}

func kindFixture(_ name: String) -> URL { fixture("Kinds/" + name) }

/// A section in memory of its own, aligned, and scratch of just the size that the tokenizer asks for.
@safe final class KindTokenizing {
  let section: UnsafeMutableRawBufferPointer

  init(_ section: [UInt8]) {
    unsafe self.section = .allocate(byteCount: section.count, alignment: 8)
    unsafe self.section.copyBytes(from: section)
  }

  deinit { unsafe section.deallocate() }

  func open() throws(TokenizerError) -> Tokenizer {
    defer { withExtendedLifetime(self) {} }
    return try unsafe Tokenizer(section: UnsafeRawBufferPointer(section))
  }

  @inline(never)
  func encode(
    _ text: [UInt8], with tokenizer: Tokenizer, usesTemplate: Bool = true, language: UInt32? = nil,
    room: Int? = nil
  ) throws(TokenizerError) -> [UInt32] {
    defer { withExtendedLifetime(self) {} }
    var (normalized, lattice) = scratch(tokenizer, text.count)
    var ids = [UInt32](repeating: .max, count: room ?? 4 * text.count + 16)
    var idSpan = ids.mutableSpan
    var normalizedSpan = normalized.mutableSpan
    var latticeSpan = lattice.mutableSpan
    let count = try tokenizer.encode(
      text.span, usesTemplate: usesTemplate, language: language, into: &idSpan, normalized: &normalizedSpan,
      lattice: &latticeSpan)
    return Array(ids[..<count])
  }

  @inline(never)
  func encodePair(
    _ first: [UInt8], _ second: [UInt8], with tokenizer: Tokenizer, room: Int? = nil
  ) throws(TokenizerError) -> (ids: [UInt32], segments: [UInt8]) {
    defer { withExtendedLifetime(self) {} }
    var (normalized, lattice) = scratch(tokenizer, max(first.count, second.count))
    var ids = [UInt32](repeating: .max, count: room ?? 4 * (first.count + second.count) + 16)
    var segments = [UInt8](repeating: 9, count: ids.count)
    var idSpan = ids.mutableSpan
    var segmentSpan = segments.mutableSpan
    var normalizedSpan = normalized.mutableSpan
    var latticeSpan = lattice.mutableSpan
    let count = try tokenizer.encodePair(
      first.span, second.span, into: &idSpan, segments: &segmentSpan, normalized: &normalizedSpan,
      lattice: &latticeSpan)
    return (Array(ids[..<count]), Array(segments[..<count]))
  }

  private func scratch(_ tokenizer: Tokenizer, _ bytes: Int) -> ([UInt8], [LatticeNode]) {
    let need = tokenizer.scratch(forTextBytes: bytes)
    return (
      [UInt8](repeating: 0xAA, count: min(need.normalizedBytes, 1 << 24)),
      [LatticeNode](repeating: LatticeNode(), count: min(need.latticeNodes, 1 << 22))
    )
  }

  @inline(never)
  func decode(_ ids: [UInt32], with tokenizer: Tokenizer) throws(TokenizerError) -> [UInt8] {
    defer { withExtendedLifetime(self) {} }
    var bytes = [UInt8](repeating: 0xAA, count: min(tokenizer.decodedBytes(forIDs: ids.count), 1 << 24))
    var span = bytes.mutableSpan
    let count = try tokenizer.decode(ids.span, into: &span)
    return Array(bytes[..<count])
  }

  /// Token by token; each part that came out.
  @inline(never)
  func stream(_ ids: [UInt32], with tokenizer: Tokenizer) throws(TokenizerError) -> [[UInt8]] {
    defer { withExtendedLifetime(self) {} }
    var stream = TextStream()
    var parts: [[UInt8]] = []
    for index in 0...ids.count {
      var bytes = [UInt8](repeating: 0xAA, count: tokenizer.longestText + 9)
      var span = bytes.mutableSpan
      let count =
        index < ids.count
        ? try tokenizer.append(ids[index], to: &stream, into: &span)
        : try tokenizer.finish(&stream, into: &span)
      parts.append(Array(bytes[..<count]))
    }
    return parts
  }
}

/// The section of a fixture: built once, since tables of all characters take their time.
func kindSection(_ name: String) throws -> [UInt8] {
  try builtSections.withLock { sections in
    if let section = sections[name] { return section }
    let section = try makeKindSection(name)
    sections[name] = section
    return section
  }
}

private let builtSections = Mutex<[String: [UInt8]]>([:])

private func makeKindSection(_ name: String) throws -> [UInt8] {
  if name.hasPrefix("sp-") {
    let model = try SentencePieceModel(
      try bytes(kindFixture(name + ".model")), types: [.unigram, .bytePairs])
    return try sentencePieceSection(model)
  }
  return try tokenizerSection(file: kindFixture(name + ".json").path)
}
