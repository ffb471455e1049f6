import SwiftletModelFile
import SwiftletPlatform
import SwiftletTransformer

/// Likely target tokens of each source token, as `swiftlet-shortlist` writes them: the tokens that may be chosen follow
/// from the source.
///
/// The file, all in words of 32 bits, little-endian, behind the eight bytes `swiftlex`: source vocabulary S, target
/// vocabulary, S + 2 offsets into the tokens, tokens. Those of source token i stand from offset i to offset i + 1; behind
/// the source's last stand those that go with every source.
public struct Lexicon: ~Copyable {
  private let file: MappedFile
  private let sources: Int
  let targets: Int
  private let tokens: Int

  /// Whether a file begins as one of these does.
  public static func isOne(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let magic: StaticText = "swiftlex"
    guard bytes.count >= 16 else { return false }
    for index in 0..<8 where unsafe bytes[index] != magic.start[index] { return false }
    return true
  }

  /// Checks a file that begins as it should.
  ///
  /// - Throws: `SwiftletError` for one that was made for other vocabularies, or is damaged.
  /// - Complexity: O(bytes).
  public init(_ file: consuming MappedFile, _ architecture: Architecture) throws(SwiftletError) {
    let (bytes, sources) = unsafe (file.bytes, architecture.sourceVocabulary)
    func word(_ index: Int) -> Int {
      unsafe Int(truncatingIfNeeded: bytes.loadUnaligned(fromByteOffset: 8 + 4 * index, as: UInt32.self))
    }
    func check(_ name: StaticText, _ value: Int, _ range: ClosedRange<Int>) throws(SwiftletError) {
      guard !range.contains(value) else { return }
      throw .limit(name: name, value: value, most: range.upperBound, least: Int32(range.lowerBound))
    }
    try check("the shortlist's size in bytes", bytes.count, 16...Int.max)
    let tokens = (bytes.count - 8) / 4 - (sources + 4)
    try check("the shortlist's source vocabulary", word(0), sources...sources)
    try check(
      "the shortlist's target vocabulary", word(1),
      architecture.targetVocabulary...architecture.targetVocabulary)
    try check("the shortlist's count of tokens", tokens, 0...Int.max)
    var last = 0
    for index in 0..<sources + 2 {
      try check("an offset of the shortlist", word(2 + index), last...tokens)
      last = word(2 + index)
    }
    let size = 8 + 4 * (sources + 4 + last)
    try check("the shortlist's size in bytes", bytes.count, size...size)
    for index in 0..<tokens {
      try check("a token of the shortlist", word(4 + sources + index), 0...architecture.targetVocabulary - 1)
    }
    self.file = file
    self.sources = sources
    self.targets = architecture.targetVocabulary
    self.tokens = tokens
  }

  /// Adds the likely target tokens of a source token; of nil, those that go with every source.
  func add(_ source: UInt32?, to shortlist: inout Shortlist) {
    let words = unsafe (file.bytes.baseAddress.unsafelyUnwrapped + 8).assumingMemoryBound(to: UInt32.self)
    let place = source.map { Int(truncatingIfNeeded: $0) } ?? sources
    guard place <= sources else { return }
    // The file is mapped and can change: what was checked when it was opened is checked where it is used.
    let (first, last) = unsafe (
      Int(truncatingIfNeeded: words[2 + place]), min(Int(truncatingIfNeeded: words[3 + place]), tokens)
    )
    guard first >= 0, first < last else { return }
    for index in first..<last {
      let token = unsafe Int(truncatingIfNeeded: words[4 + sources + index])
      if token >= 0, token < targets { shortlist.add(token) }
    }
  }
}
