/// Builds the bytes of safetensors files, good and broken.
enum SafetensorsBytes {
  /// A tensor to be laid out behind the one before it.
  struct Tensor {
    var name: String
    var type = "F32"
    var shape: [Int]
    var bytes: [UInt8]

    init(_ name: String, type: String, shape: [Int], bytes: [UInt8]) {
      (self.name, self.type, self.shape, self.bytes) = (name, type, shape, bytes)
    }

    init(_ name: String, _ shape: [Int], _ values: [Float]) {
      (self.name, self.shape) = (name, shape)
      bytes = values.flatMap { littleEndian($0.bitPattern) }
    }
  }

  /// The bytes of a number, lowest first.
  static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  /// A file of any header text and any data; `length` replaces the header's true length.
  static func file(header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
    littleEndian(length ?? UInt64(header.utf8.count)) + Array(header.utf8) + data
  }

  /// A well-formed file.
  static func file(_ tensors: [Tensor]) -> [UInt8] {
    var entries: [String] = [#""__metadata__":{"format":"pt"}"#]
    var data: [UInt8] = []
    for tensor in tensors {
      let end = data.count + tensor.bytes.count
      entries.append(
        #""\#(tensor.name)":{"dtype":"\#(tensor.type)","shape":\#(tensor.shape),"data_offsets":[\#(data.count),\#(end)]}"#
      )
      data += tensor.bytes
    }
    return file(header: "{\(entries.joined(separator: ","))}", data: data)
  }
}
