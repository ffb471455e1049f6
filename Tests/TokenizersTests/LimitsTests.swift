import Foundation
import SwiftletConversion
import SwiftletPlatform
import SwiftletSources
import SwiftletTokenizers
import Testing

/// What doesn't fit is an error that says what was needed.
@Suite struct LimitsTests {
  private func open(_ name: String) throws -> (Tokenizing, UnigramTokenizer) {
    let tokenizing = Tokenizing(try smallSection(name))
    return (tokenizing, try tokenizing.open())
  }

  @Test func scratchThatIsTooSmallIsAnErrorWithNumbers() throws {
    let (tokenizing, tokenizer) = try open("bytes")
    let text = Array("the cat sat".utf8)
    let normalized = 15  // two spaces become three bytes each
    let ids = try tokenizing.encode(text, with: tokenizer)
    #expect(
      try tokenizing.encode(
        text, with: tokenizer, ids: ids.count, normalized: normalized, lattice: normalized + 1)
        == ids)
    #expect(throws: TokenizerError.normalizedTooLong(bytes: 15, capacity: 14)) {
      try tokenizing.encode(text, with: tokenizer, normalized: 14)
    }
    #expect(throws: TokenizerError.latticeTooShort(nodes: 16, capacity: 15)) {
      try tokenizing.encode(text, with: tokenizer, lattice: 15)
    }
    #expect(throws: TokenizerError.tooManyIDs(count: ids.count, capacity: ids.count - 1)) {
      try tokenizing.encode(text, with: tokenizer, ids: ids.count - 1)
    }
    #expect(try tokenizing.encode([], with: tokenizer, ids: 0, normalized: 0, lattice: 1) == [])
    #expect(throws: TokenizerError.latticeTooShort(nodes: 1, capacity: 0)) {
      try tokenizing.encode([], with: tokenizer, ids: 0, normalized: 0, lattice: 0)
    }
  }

  @Test func scratchIsAlwaysEnough() throws {
    for name in ["bytes", "suffix", "kept"] {
      let (tokenizing, tokenizer) = try open(name)
      for text in ["", " ", "ﷺ", "😀", "中", "\u{AD}", "a b", "                "] + [
        String(repeating: "ﷺ", count: 99)
      ] {
        let need = tokenizer.scratch(forTextBytes: text.utf8.count)
        _ = try tokenizing.encode(
          Array(text.utf8), with: tokenizer, normalized: need.normalizedBytes, lattice: need.latticeNodes)
      }
      #expect(tokenizer.scratch(forTextBytes: .max) == (.max, .max))
      #expect(tokenizer.decodedBytes(forIDs: .max) == .max)
      #expect(tokenizer.scratch(forTextBytes: -1) == (3, 4))
    }
  }

  @Test func decodingSaysWhichIDAndHowManyBytes() throws {
    let (tokenizing, tokenizer) = try open("bytes")
    let size = tokenizer.vocabularySize
    #expect(throws: TokenizerError.idOutOfRange(id: UInt32(size), position: 1, vocabulary: size)) {
      try tokenizing.decode([5, UInt32(size)], with: tokenizer)
    }
    let ids = try tokenizing.encode(Array("the cat".utf8), with: tokenizer)
    #expect(try tokenizing.decode(ids, with: tokenizer, bytes: 7) == Array("the cat".utf8))
    #expect(throws: TokenizerError.decodedTooLong(bytes: 7, capacity: 6)) {
      try tokenizing.decode(ids, with: tokenizer, bytes: 6)
    }
  }

  @Test func piecesHaveTexts() throws {
    let model = try SentencePieceModel(try bytes(fixture("bytes.model")))
    let (tokenizing, tokenizer) = try open("bytes")
    defer { withExtendedLifetime(tokenizing) {} }
    #expect(tokenizer.vocabularySize == model.pieces.count)
    for (id, piece) in model.pieces.enumerated() {
      let text = tokenizer.pieceText(UInt32(id))
      let copy = text.indices.map { text[$0] }
      #expect(copy == piece.text.bytes)
      #expect(tokenizer.pieceType(UInt32(id)).rawValue == piece.kind.rawValue)
      #expect(tokenizer.id(ofPiece: copy.span) == UInt32(id))
    }
    let none = tokenizer.pieceText(UInt32(model.pieces.count)).count
    #expect(none == 0)
    #expect(tokenizer.id(ofPiece: Array("no such piece".utf8).span) == nil)
  }

  @Test func headersThatDontFitAreRefused() throws {
    let section = try smallSection("suffix")
    func error(_ change: (inout [UInt8]) -> Void) -> TokenizerError? {
      var copy = section
      change(&copy)
      do throws(TokenizerError) {
        _ = try Tokenizing(copy).open()
        return nil
      } catch {
        return error
      }
    }
    #expect(error { _ in } == nil)
    #expect(error { $0[0] = 0 } == .wrongMagic(found: 0x5455_7700))
    #expect(error { $0[4] = 2 } == .unsupportedLayout(found: 2, supported: 1))
    #expect(error { $0[7] = 0x81 } == .unknownFlags(0x8100))
    #expect(error { $0[8...11] = [0, 0, 0, 0] } == .valueOutOfRange(value: 0, at: 8))
    #expect(error { $0[12...15] = [0, 0, 0, 0] } == .valueOutOfRange(value: 0, at: 12))
    #expect(error { $0[26...27] = [0x80, 0x7F] } != nil)
    #expect(error { $0[43] = 0xFF } != nil)
    #expect(error { $0.removeLast(8) } == .sectionTooShort(bytes: section.count - 8, needed: section.count))
    #expect(error { $0.removeAll() } == .sectionTooShort(bytes: 0, needed: 104))
    let shifted = Tokenizing([0, 0, 0, 0] + section)
    defer { withExtendedLifetime(shifted) {} }
    #expect(throws: TokenizerError.misaligned) {
      try UnigramTokenizer(section: UnsafeRawBufferPointer(rebasing: shifted.section[4...]))
    }
    #expect(
      TokenizerError.normalizedTooLong(bytes: 15, capacity: 14).description
        == "the normalised text needs 15 bytes; there is room for 14")
    #expect(
      TokenizerError.idOutOfRange(id: 9, position: 1, vocabulary: 8).description
        == "token 1 has id 9; the vocabulary has 8 entries")
    #expect(
      TokenizerError.badTable(offset: 1, bytes: 2, section: 3, .pieces).description
        == "tokenizer table 'pieces' is misplaced: offset 1, bytes 2, in a section of 3 bytes")
  }

  @Test func utf8IsCheckedStrictly() {
    for hex in ["", "61", "c3a9", "e29681", "f09f9880", "efbfbd", "f48fbfbf", "ed9fbf", "ee8080", "00"] {
      #expect(firstInvalidUTF8(in: bytes(hex: hex).span) == nil, "\(hex)")
    }
    for (hex, place) in [
      ("ff", 0), ("61ff", 1), ("c3", 0), ("c328", 0), ("61c3a9c3", 3), ("e296", 0), ("e0809f", 0),
      ("eda080", 0),
      ("f08fbfbf", 0), ("f4908080", 0), ("f8888080", 0), ("c080", 0), ("80", 0), ("e2968161e296", 4),
    ] {
      #expect(firstInvalidUTF8(in: bytes(hex: hex).span) == place, "\(hex)")
    }
    // The standard library agrees on all short strings of telling bytes.
    let telling: [UInt8] = [
      0, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
    ]
    for number in 0..<65_536 {
      let text = [0, 4, 8, 12].map { telling[number >> $0 & 15] }
      #expect(
        (firstInvalidUTF8(in: text.span) == nil) == (String(validating: text, as: UTF8.self) != nil),
        "\(text)")
    }
  }
}
