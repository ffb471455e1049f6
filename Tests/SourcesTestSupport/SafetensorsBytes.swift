/// Builds the bytes of safetensors files, good and broken.
package enum SafetensorsBytes {
  /// A tensor to be laid out behind the one before it.
  package struct Tensor {
    package var name: String
    package var type = "F32"
    package var shape: [Int]
    package var bytes: [UInt8]

    package init(_ name: String, type: String, shape: [Int], bytes: [UInt8]) {
      (self.name, self.type, self.shape, self.bytes) = (name, type, shape, bytes)
    }

    package init(_ name: String, _ shape: [Int], _ values: [Float]) {
      (self.name, self.shape) = (name, shape)
      bytes = values.flatMap { littleEndian($0.bitPattern) }
    }
  }

  /// The bytes of a number, lowest first.
  package static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    unsafe withUnsafeBytes(of: value.littleEndian) { unsafe Array($0) }
  }

  /// A file of any header text and any data; `length` replaces the header's true length.
  package static func file(header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
    littleEndian(length ?? UInt64(header.utf8.count)) + Array(header.utf8) + data
  }

  /// A well-formed file.
  package static func file(_ tensors: [Tensor]) -> [UInt8] {
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
