import SwiftletModelFile

/// A tensor of a model file as floats.
struct DequantizedTensor {
  /// Its name and shape.
  let tensor: Tensor
  /// Row after row, without padding.
  private(set) var values: [Float]
  /// For each row, the scale of each group of its columns; none for float32.
  private(set) var scales: [Float] = []
  /// For each row what is added to its product; none for nothing.
  private(set) var bias: [Float] = []
  /// What is multiplied in place of the inputs, where that is not the inputs themselves.
  private(set) var inputMap: InputMap?

  /// Factors of the inputs x, and shifts: f x + s is quantised.
  struct InputMap {
    let factors: [Float]
    let shifts: [Float]
  }

  /// How many columns share a scale.
  var groupSize: Int { tensor.group == 0 ? max(1, tensor.columns) : tensor.group }

  /// Reads the tensor at `index` of the table, by the layout in FORMAT.md.
  init(_ file: borrowing ModelFile, at index: Int) throws(ModelFileError) {
    tensor = try file.tensor(at: index)
    let (rows, columns) = (tensor.rows, tensor.columns)
    values = [Float](repeating: 0, count: rows * columns)
    let bytes = unsafe file.bytes
    let data = Int(tensor.data)
    guard tensor.element == .int8 else {
      for place in values.indices {
        values[place] = unsafe Float(bitPattern: bytes.word(at: data + 4 * place))
      }
      return
    }
    inputMap = Self.inputMap(file, tensor, at: index)
    if tensor.bias != 0 {
      bias = (0..<rows).map { unsafe Float(bitPattern: bytes.word(at: Int(tensor.bias) + 4 * $0)) }
    }
    let groups = (columns + groupSize - 1) / groupSize
    scales = [Float](repeating: 0, count: rows * groups)
    for row in 0..<rows {
      for group in 0..<groups { scales[row * groups + group] = unsafe Self.scale(bytes, tensor, row, group) }
      let tile = data + row / 16 * 16 * tensor.paddedColumns + row % 16 * 4
      for column in 0..<columns {
        let q = unsafe Int8(bitPattern: bytes[tile + column / 4 * 64 + column % 4])
        values[row * columns + column] =
          Float(q) * scales[row * groups + column / groupSize] * (inputMap?.factors[column] ?? 1)
      }
    }
  }

  /// The factors and shifts that the last word of a tensor's entry points at; nil where it is 0.
  private static func inputMap(
    _ file: borrowing ModelFile, _ tensor: Tensor, at index: Int
  ) -> InputMap? {
    let entry = unsafe UnsafeRawBufferPointer(rebasing: file.section(.tensorTable)[(64 * index)...])
    let start = unsafe Int(entry.word(at: 56)) | Int(entry.word(at: 60)) << 32
    guard start != 0 else { return nil }
    func numbers(from start: Int) -> [Float] {
      (0..<tensor.columns).map {
        unsafe Float(bitPattern: file.bytes.word(at: start + 2 * $0, count: 2) << 16)
      }
    }
    return InputMap(
      factors: numbers(from: start), shifts: numbers(from: start + 2 * tensor.paddedColumns))
  }

  private static func scale(
    _ bytes: UnsafeRawBufferPointer, _ tensor: Tensor, _ row: Int, _ group: Int
  ) -> Float {
    let start = Int(tensor.scales)
    if tensor.group == 0 {
      return unsafe Float(bitPattern: bytes.word(at: start + 4 * row))
    }
    let place = (row / 16 * tensor.groups + group) * 16 + row % 16
    return unsafe Float(bitPattern: bytes.word(at: start + 2 * place, count: 2) << 16)
  }

  /// The distance of neighbouring values of a weight.
  func step(_ row: Int, _ column: Int) -> Float {
    abs(inputMap?.factors[column] ?? 1)
      * scales[row * ((tensor.columns + groupSize - 1) / groupSize) + column / groupSize]
  }
}

extension UnsafeRawBufferPointer {
  /// A little-endian number of `count` bytes.
  fileprivate func word(at offset: Int, count: Int = 4) -> UInt32 {
    (0..<count).reduce(0) { unsafe $0 | UInt32(self[offset + $1]) << UInt32(8 * $1) }
  }
}
