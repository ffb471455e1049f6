import SwiftletTokenizers
import Testing

/// Texts that are cut to what fits, and texts that go on from others.
@Suite struct CuttingTests {
  /// The project's model: Unigram, with `</s>` behind each text.
  private func encode(_ text: String, room: Int, truncates: Bool) throws -> [UInt32] {
    let tokenizing = Tokenizing(try enFrSection())
    let tokenizer = try unsafe Tokenizer(section: UnsafeRawBufferPointer(tokenizing.section))
    var ids = [UInt32](repeating: .max, count: room)
    var normalized = [UInt8](repeating: 0, count: 4096)
    var lattice = [LatticeNode](repeating: LatticeNode(), count: 4096)
    var idSpan = ids.mutableSpan
    var normalizedSpan = normalized.mutableSpan
    var latticeSpan = lattice.mutableSpan
    let count = try tokenizer.encode(
      Array(text.utf8).span, truncates: truncates, into: &idSpan, normalized: &normalizedSpan,
      lattice: &latticeSpan)
    return (0..<count).map { idSpan[$0] }
  }

  @Test func whatIsCutIsTheEndOfTheText() throws {
    let text = "The cat sat on the mat, and the dog was there too."
    let whole = try encode(text, room: 64, truncates: false)
    for room in 1...whole.count + 1 {
      let cut = try encode(text, room: room, truncates: true)
      // The template's tokens stay where there is one.
      let kept = min(room, whole.count)
      #expect(cut.count == kept)
      #expect(cut.dropLast() == whole.prefix(kept - 1))
      guard room < whole.count else { continue }
      #expect(throws: TokenizerError.tooManyIDs(count: whole.count, capacity: room)) {
        try encode(text, room: room, truncates: false)
      }
    }
  }

  @Test func aTextGoesOnWithASpace() throws {
    let tokenizing = Tokenizing(try enFrSection())
    let tokenizer = try unsafe Tokenizer(section: UnsafeRawBufferPointer(tokenizing.section))
    let ids = try tokenizing.encode(Array("the cat sat".utf8), with: try tokenizing.open())
    for place in 0...ids.count {
      var bytes = [UInt8](repeating: 0, count: 256)
      var span = bytes.mutableSpan
      let first = try tokenizer.decode(Array(ids[..<place]).span, into: &span)
      var text = (0..<first).map { span[$0] }
      let second = try tokenizer.decode(
        Array(ids[place...]).span, after: Array(ids[..<place]).span, into: &span)
      text += (0..<second).map { span[$0] }
      #expect(String(decoding: text, as: UTF8.self) == "the cat sat")
    }
  }
}
