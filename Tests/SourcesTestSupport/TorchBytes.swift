/// Builds the bytes of files of `torch.save`, good and broken.
package enum TorchBytes {
  /// A ZIP file of stored members, without checksums. `method` and `overlap` break the last one.
  package static func zip(
    _ members: [(name: String, bytes: [UInt8])], method: UInt16 = 0, overlap: Int = 0
  ) -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (index, member) in members.enumerated() {
      let isLast = index == members.count - 1
      let offset = file.count - (isLast ? overlap : 0)
      let sizes = number(UInt32(member.bytes.count)) + number(UInt32(member.bytes.count))
      let method = number(isLast ? method : UInt16(0))
      let head = number(UInt16(0)) + method + number(UInt64(0)).prefix(8) + sizes
      let name = Array(member.name.utf8)
      let lengths = number(UInt16(name.count)) + number(UInt16(0))
      file += [0x50, 0x4B, 3, 4] + number(UInt16(0)) + head + lengths + name + member.bytes
      directory += [0x50, 0x4B, 1, 2] + number(UInt16(0)) + number(UInt16(0)) + head + lengths
      directory += number(UInt16(0)) + number(UInt64(0)) + number(UInt32(offset)) + name
    }
    let count = number(UInt16(members.count))
    let end = number(UInt32(directory.count)) + number(UInt32(file.count)) + number(UInt16(0))
    return file + directory + [0x50, 0x4B, 5, 6] + number(UInt32(0)) + count + count + end
  }

  /// The pickle of a dictionary of tensors, each with a storage of its own, under the keys 0, 1, ….
  package static func pickle(_ tensors: [Tensor]) -> [UInt8] {
    var bytes: [UInt8] = [0x80, 2] + Array("ccollections\nOrderedDict\n)R(".utf8)
    for (index, tensor) in tensors.enumerated() {
      bytes += text(tensor.name)
      if tensor.isParameter { bytes += Array("ctorch._utils\n_rebuild_parameter\n(".utf8) }
      bytes += Array("ctorch._utils\n_rebuild_tensor_v2\n((".utf8) + text("storage")
      bytes += Array("ctorch\n\(tensor.storage)\n".utf8) + text("\(index)") + text("cpu")
      bytes +=
        integer(tensor.count) + (tensor.isLegacy ? [0x4E] : []) + Array("tQ".utf8) + integer(tensor.offset)
      bytes +=
        tuple(tensor.shape) + tuple(tensor.strides) + [0x89] + Array("ccollections\nOrderedDict\n)RtR".utf8)
      if tensor.isParameter { bytes += [0x88] + Array("ccollections\nOrderedDict\n)RtR".utf8) }
    }
    return bytes + Array("u.".utf8)
  }

  /// A tensor: a view of a storage of `count` elements.
  package struct Tensor {
    package var name: String
    package var storage = "FloatStorage"
    package var count: Int
    package var offset = 0
    package var shape: [Int]
    package var strides: [Int]
    package var isParameter = false
    package var isLegacy = false

    package init(_ name: String, count: Int, shape: [Int], strides: [Int]) {
      (self.name, self.count, self.shape, self.strides) = (name, count, shape, strides)
    }
  }

  /// A whole file: `tensors` and the bytes of their storages.
  package static func file(_ tensors: [Tensor], _ storages: [[UInt8]]) -> [UInt8] {
    zip(
      [("archive/data.pkl", pickle(tensors)), ("archive/byteorder", Array("little".utf8))]
        + storages.enumerated().map { ("archive/data/\($0.offset)", $0.element) })
  }

  /// The same in the format of PyTorch before 1.6.
  package static func legacyFile(_ tensors: [Tensor], _ storages: [[UInt8]]) -> [UInt8] {
    let tensors = tensors.map { tensor in
      var tensor = tensor
      tensor.isLegacy = true
      return tensor
    }
    let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    let system: [UInt8] = [0x80, 2, 0x7D] + text("little_endian") + [0x88, 0x73, 0x2E]
    var keys: [UInt8] = [0x80, 2, 0x5D, 0x28]
    for index in tensors.indices { keys += text("\(index)") }
    keys += [0x65, 0x2E]
    var bytes: [UInt8] = [0x80, 2, 0x8A, 10] + magic + [0x2E, 0x80, 2, 0x4D, 0xE9, 0x03, 0x2E]
    bytes += system + pickle(tensors) + keys
    for (tensor, storage) in Swift.zip(tensors, storages) { bytes += number(Int64(tensor.count)) + storage }
    return bytes
  }

  /// BINUNICODE.
  package static func text(_ text: String) -> [UInt8] {
    [0x58] + number(UInt32(text.utf8.count)) + Array(text.utf8)
  }

  /// LONG1 of 8 bytes.
  package static func integer(_ value: Int) -> [UInt8] { [0x8A, 8] + number(Int64(value)) }

  private static func tuple(_ values: [Int]) -> [UInt8] { [0x28] + values.flatMap(integer) + [0x74] }

  private static func number(_ value: some FixedWidthInteger) -> [UInt8] {
    SafetensorsBytes.littleEndian(value)
  }
}
