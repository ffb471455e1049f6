import SourcesTestSupport
import SwiftletKernels

/// A random weight matrix in the file's layout, with its values at hand.
@safe final class TestMatrix {
  let rows: Int
  let columns: Int
  let group: Int
  let values: [[Int8]]
  let tiles: UnsafeMutableBufferPointer<Int8>
  let scales: UnsafeMutableRawBufferPointer
  let sums: UnsafeMutableBufferPointer<Int32>
  let bias: UnsafeMutableBufferPointer<Float>
  let rowScales: [[Float]]
  let usesOffset: Bool
  /// How many int8 numbers stand for an input.
  let inputParts: Int
  /// Factors of the inputs, then their shifts, with padding; nil for none.
  let inputs: UnsafeMutableBufferPointer<UInt16>?

  /// - Parameter mapsInputs: whether inputs have factors and shifts; not with one scale a row.
  init(
    rows: Int, columns: Int, group: Int, usesOffset: Bool, inputParts: Int = 1, extreme: Bool,
    mapsInputs: Bool = false, using random: inout Seeded
  ) {
    self.rows = rows
    self.columns = columns
    self.group = group
    self.usesOffset = usesOffset
    self.inputParts = inputParts
    let paddedRows = roundUp(rows, to: 16)
    let size = group == 0 ? roundUp(columns, to: 4) : group
    let paddedColumns = group == 0 ? size : (columns + size - 1) / size * size
    let groups = paddedColumns / size
    values = (0..<rows).map { _ in
      (0..<columns).map { _ in
        extreme ? (Bool.random(using: &random) ? 127 : -127) : Int8.random(in: -127...127, using: &random)
      }
    }
    unsafe tiles = .allocate(capacity: paddedRows * paddedColumns)
    unsafe tiles.initialize(repeating: 0)
    unsafe sums = .allocate(capacity: paddedRows)
    unsafe sums.initialize(repeating: 0)
    unsafe bias = .allocate(capacity: paddedRows)
    unsafe bias.initialize(repeating: 0)
    for row in 0..<rows {
      unsafe bias[row] = Float.random(in: -1...1, using: &random)
      for column in 0..<columns {
        let place = (row / 16 * paddedColumns + column / 4 * 4) * 16 + row % 16 * 4 + column % 4
        unsafe tiles[place] = values[row][column]
        unsafe sums[row] += Int32(values[row][column])
      }
    }
    if mapsInputs && group != 0 {
      let numbers = UnsafeMutableBufferPointer<UInt16>.allocate(capacity: 2 * paddedColumns)
      unsafe numbers.initialize(repeating: 0)
      for column in 0..<columns {
        unsafe numbers[column] = UInt16(Float.random(in: 0.125...8, using: &random).bitPattern >> 16)
        unsafe numbers[paddedColumns + column] = UInt16(
          Float.random(in: -1...1, using: &random).bitPattern >> 16)
      }
      unsafe inputs = numbers
    } else {
      unsafe inputs = nil
    }
    // Scales with 8 significant bits are exact in bfloat16.
    rowScales = (0..<paddedRows).map { row in
      (0..<groups).map { _ in row < rows ? Float(Int.random(in: 1...255, using: &random)) / 4096 : 0 }
    }
    unsafe scales = .allocate(byteCount: 4 * paddedRows * groups, alignment: 64)
    for row in 0..<paddedRows {
      for index in 0..<groups {
        if group == 0 {
          unsafe scales.storeBytes(of: rowScales[row][0], toByteOffset: 4 * row, as: Float.self)
        } else {
          let place = (row / 16 * groups + index) * 16 + row % 16
          let bits = UInt16(rowScales[row][index].bitPattern >> 16)
          unsafe scales.storeBytes(of: bits, toByteOffset: 2 * place, as: UInt16.self)
        }
      }
    }
  }

  deinit {
    unsafe tiles.deallocate()
    unsafe scales.deallocate()
    unsafe sums.deallocate()
    unsafe bias.deallocate()
    unsafe inputs?.deallocate()
  }

  var weights: LinearWeights {
    unsafe LinearWeights(
      rows: rows, columns: columns, group: group, usesOffset: usesOffset, inputParts: inputParts,
      tiles: tiles.baseAddress!, scales: scales.baseAddress!,
      sums: group == 0 ? UnsafePointer(sums.baseAddress!) : nil,
      bias: bias.baseAddress!, inputs: inputs.map { unsafe UnsafePointer($0.baseAddress!) })
  }

  /// What is quantised in place of a token.
  func mapped(_ x: [Float]) -> [Float] {
    guard let inputs = unsafe inputs else { return x }
    return x.indices.map { column in
      unsafe x[column] * Float(bitPattern: UInt32(inputs[column]) << 16)
        + Float(bitPattern: UInt32(inputs[inputs.count / 2 + column]) << 16)
    }
  }

  /// The exact product with dequantised weights, in Double.
  func exact(_ x: [Float]) -> [Double] {
    (0..<rows).map { row in
      var sum = unsafe Double(bias[row])
      for column in 0..<columns {
        let scale = rowScales[row][group == 0 ? 0 : column / group]
        sum += Double(x[column]) * Double(scale) * Double(values[row][column])
      }
      return sum
    }
  }
}

/// Quantises `tokens` rows with a kernel set and multiplies them with all tiles, or those of a list.
func run(
  _ kernels: KernelSet, _ weights: LinearWeights, _ tokens: [[Float]], activation: Activation,
  tiles list: [UInt32]? = nil
) -> [Float] {
  let list = list ?? (0..<UInt32(weights.paddedRows / 16)).map { $0 }
  let source = tokens.flatMap { $0 }
  var values = [Int8](repeating: 0, count: tokens.count * weights.inputStride)
  var scales = [Float](repeating: 0, count: tokens.count * weights.inputGroups)
  var zeroPoints = scales.map { _ in Int32(0) }
  var output = [Float](repeating: .nan, count: tokens.count * list.count * 16)
  unsafe values.withUnsafeMutableBufferPointer { values in
    unsafe scales.withUnsafeMutableBufferPointer { scales in
      unsafe zeroPoints.withUnsafeMutableBufferPointer { zeroPoints in
        let rows = unsafe QuantizedRows(
          values: values.baseAddress!, scales: scales.baseAddress!, zeroPoints: zeroPoints.baseAddress!)
        unsafe kernels.quantize(source, weights.columns, tokens.count, weights, rows)
        unsafe output.withUnsafeMutableBufferPointer { output in
          unsafe list.withUnsafeBufferPointer { list in
            let tiles = unsafe TileSelection(0..<list.count, of: list.baseAddress)
            unsafe kernels.product(
              weights, rows, tokens.count, tiles, output.baseAddress!, 16 * list.count, activation)
          }
        }
      }
    }
  }
  return output
}
