import SourcesTestSupport
import SwiftletConversion
import SwiftletTokenizers
import Testing

/// Every edit of a small tokenizer section of each kind: each length to which it can be cut, and each bit flipped. It is
/// refused by a typed error, or it cuts and joins texts to a normal end.
@Suite struct EveryEditTests {
  enum Kind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case pieces, piecesOfT5, characterPairs, bytePairs, wordPieces, characters
    var testDescription: String { rawValue }

    func section() throws -> [UInt8] {
      func json(_ text: String) throws -> [UInt8] {
        try tokenizerSection(file: try TemporaryDirectory().write(text, to: "tokenizer.json"))
      }
      switch self {
      case .pieces: return try smallSection("kept")
      case .piecesOfT5: return try json(TinyTokenizers.unigram)
      case .characterPairs: return try json(TinyTokenizers.characterPairs)
      case .bytePairs: return try json(TinyTokenizers.bytePairs)
      case .wordPieces:
        let directory = try TemporaryDirectory()
        try directory.write(FamilyGolden.tokens.joined(separator: "\n"), to: "vocab.txt")
        return try tokenizerSection(directory: directory.path)
      case .characters:
        let texts = ["<pad>", "<s>", "</s>", "<unk>", "a", "b", "é", " "]
        return try characterSection(
          texts: texts, controlIDs: [0, 1, 2], unknownID: 3, before: [1], after: [2])
      }
    }
  }

  private static let text = Array("ab c é Thé\u{301}\t12 <s>".utf8)

  /// Opens, and if that works encodes and decodes. Returns whether it opened.
  private func exercise(_ tokenizing: KindTokenizing) -> Bool {
    guard let tokenizer = try? tokenizing.open() else { return false }
    guard let ids = try? tokenizing.encode(Self.text, with: tokenizer) else { return true }
    if !ids.allSatisfy({ $0 < tokenizer.vocabularySize }) { Issue.record("ids outside: \(ids)") }
    _ = try? tokenizing.decode(ids, with: tokenizer)
    return true
  }

  @Test(arguments: Kind.allCases)
  func everyEditIsRefusedOrHarmless(_ kind: Kind) throws {
    let tokenizing = KindTokenizing(try kind.section())
    defer { withExtendedLifetime(tokenizing) {} }
    #expect(exercise(tokenizing))
    let size = unsafe tokenizing.section.count
    var (cuts, flips) = (EditCount(), EditCount())
    for length in 0..<size {
      let cut = unsafe UnsafeRawBufferPointer(rebasing: tokenizing.section[..<length])
      unsafe cuts.add(accepted: (try? Tokenizer(section: cut)) != nil)
    }
    #expect(cuts.accepted == 0)
    for place in 0..<size {
      for bit in EditedFile.bits {
        unsafe tokenizing.section[place] ^= bit
        flips.add(accepted: exercise(tokenizing))
        unsafe tokenizing.section[place] ^= bit
      }
    }
    #expect(flips.accepted > 0 && flips.refused > 0)
    print("section of \(kind), \(size) bytes: truncations: \(cuts); flipped bits: \(flips)")
  }
}
