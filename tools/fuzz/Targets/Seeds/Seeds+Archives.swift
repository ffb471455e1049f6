import SourcesTestSupport

/// ZIP files with 64-bit sizes, as PyTorch writes large checkpoints, and what no archive may have.
extension Seeds {
  static func archives() -> [[UInt8]] {
    let tensor = TorchBytes.Tensor("t", count: 2, shape: [2], strides: [1])
    let members = [
      ("a/data.pkl", TorchBytes.pickle([tensor])), ("a/data/0", [UInt8](repeating: 1, count: 8)),
    ]
    let good = TorchBytes.zip(members)
    return [
      wide(good, name: 8), wideEnd(good), TorchBytes.zip(members, method: 8),
      TorchBytes.zip(members, overlap: 60), TorchBytes.zip(members + [members[1]]),
      TorchBytes.zip(members + [("a/byteorder", Array("big".utf8))]), TorchBytes.zip([members[0]]),
      Array(good.dropLast()),
    ]
  }

  private static let endSize = 22

  /// With sizes and place of the last member in a field for 64 bits; its name has `name` bytes.
  private static func wide(_ file: [UInt8], name: Int) -> [UInt8] {
    var (directory, end) = (Array(file.dropLast(endSize)), Array(file.suffix(endSize)))
    let entry = directory.count - name - 46
    let (size, offset) = (directory[entry + 24..<entry + 28], directory[entry + 42..<entry + 46])
    let none: [UInt8] = [0, 0, 0, 0]
    let field: [UInt8] = [9, 0, 0, 0, 1, 0, 24, 0] + size + none + size + none + offset + none
    directory.replaceSubrange(entry + 20..<entry + 28, with: repeatElement(0xFF, count: 8))
    directory.replaceSubrange(entry + 42..<entry + 46, with: repeatElement(0xFF, count: 4))
    directory[entry + 30] = UInt8(field.count)
    end[12] += UInt8(field.count)
    return wideEnd(directory + field + end)
  }

  /// With a 64-bit record of the directory's place before the end record.
  private static func wideEnd(_ file: [UInt8]) -> [UInt8] {
    let (directory, end) = (Array(file.dropLast(endSize)), Array(file.suffix(endSize)))
    let none = { (count: Int) in [UInt8](repeating: 0, count: count) }
    let record =
      [0x50, 0x4B, 6, 6] + none(28) + end[10..<12] + none(6) + end[12..<16] + none(4) + end[16..<20] + none(4)
    let locator =
      [0x50, 0x4B, 6, 7] + none(4) + SafetensorsBytes.littleEndian(UInt64(directory.count)) + none(4)
    return directory + record + locator + end
  }
}
