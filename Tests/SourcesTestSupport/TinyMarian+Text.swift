extension TinyMarian {
  /// The tokens of `vocab.json`, in the order of their ids: the first ends, the last pads.
  package var tokens: [String] {
    let known = ["</s>", "<unk>", "\u{2581}", "a", "b", "c", "\u{2581}a", "\u{2581}ab", "d", "e"]
    let count = max(sourceVocabulary, targetVocabulary)
    return (known + (known.count..<max(known.count, count)).map { "filler\($0)" }).prefix(count - 1) + [
      "<pad>"
    ]
  }

  /// Writes the whole model: `config.json`, `model.safetensors`, `vocab.json`, `source.spm` and `target.spm`.
  package func writeWithText(to directory: TemporaryDirectory) throws {
    try write(to: directory)
    try writeText(to: directory)
  }

  /// Writes `vocab.json`, `source.spm` and `target.spm`.
  package func writeText(to directory: TemporaryDirectory) throws {
    let entries = tokens.enumerated().map { "\"\($0.element)\": \($0.offset)" }
    try directory.write("{\(entries.joined(separator: ", "))}", to: "vocab.json")
    let pieces =
      Self.piece("<unk>", score: 0, kind: 2)
      + tokens.dropFirst(2).dropLast().enumerated().flatMap {
        Self.piece($0.element, score: -1 - Float($0.offset))
      }
    try directory.write(pieces, to: "source.spm")
    try directory.write(pieces, to: "target.spm")
  }

  /// A SentencePiece message: text, score, kind (1 normal, 2 unknown).
  private static func piece(_ text: String, score: Float, kind: UInt8 = 1) -> [UInt8] {
    let bytes = Array(text.utf8)
    let message =
      [0x0A, UInt8(bytes.count)] + bytes + [0x15] + SafetensorsBytes.littleEndian(score.bitPattern) + [
        0x18, kind,
      ]
    return [0x0A, UInt8(message.count)] + message
  }
}
