/// A model of llama2.c of some thousand numbers: width 4, inner width 6, one layer, two heads, one of keys, 262 tokens, 8
/// positions.
package enum TinyLlama2C {
  private static let header: [Int32] = [4, 6, 1, 2, 1, 262, 8]
  private static let floats = 4 * 262 + 4 + 16 + 8 + 8 + 16 + 4 + 24 + 24 + 24 + 4 + 8 * 2

  /// The weights.
  package static let model: [UInt8] =
    header.flatMap { SafetensorsBytes.littleEndian($0) }
    + FamilyGolden.values("llama2c", [floats]).flatMap { SafetensorsBytes.littleEndian($0.bitPattern) }

  /// `tokenizer.bin`: the reserved tokens, the bytes, and `a`, `b`, `ab`.
  package static let tokenizer: [UInt8] = {
    var texts = ["<unk>", "\n<s>\n", "\n</s>\n"]
    for byte in 0..<256 {
      let digits = String(byte, radix: 16, uppercase: true)
      texts.append(byte < 16 ? "<0x0\(digits)>" : "<0x\(digits)>")
    }
    texts += ["a", "b", "ab"]
    var bytes = SafetensorsBytes.littleEndian(Int32(8))
    for (id, text) in texts.enumerated() {
      bytes += SafetensorsBytes.littleEndian(Float(-id).bitPattern)
      bytes += SafetensorsBytes.littleEndian(Int32(text.utf8.count)) + Array(text.utf8)
    }
    return bytes
  }()
}
