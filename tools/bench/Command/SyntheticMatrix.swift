import SwiftletKernels

/// A matrix of pseudorandom weights, with activations for some tokens and room for the results.
@safe final class SyntheticMatrix {
  let weights: LinearWeights
  let tokens: Int
  let input: UnsafeMutablePointer<Float>
  let quantized: QuantizedRows
  let output: UnsafeMutablePointer<Float>
  private let buffers: [AlignedBuffer]

  /// `group` is 64 or 32, or 0 for one scale a row.
  init(rows: Int, columns: Int, group: Int, tokens: Int) {
    let (paddedRows, paddedColumns) = (roundUp(rows, to: 16), roundUp(columns, to: 64))
    let tiles = AlignedBuffer(count: paddedRows * paddedColumns)
    let scales = AlignedBuffer(count: group == 0 ? 4 * paddedRows : 2 * paddedRows * paddedColumns / group)
    let sums = AlignedBuffer(count: 4 * paddedRows)
    let bias = AlignedBuffer(count: 4 * paddedRows)
    let input = AlignedBuffer(count: 4 * tokens * paddedColumns)
    let values = AlignedBuffer(count: tokens * (paddedColumns + 64))
    let scalesOfTokens = AlignedBuffer(count: 4 * tokens * paddedColumns / 32)
    let zeroPoints = AlignedBuffer(count: 4 * tokens * paddedColumns / 32)
    let output = AlignedBuffer(count: 4 * tokens * (paddedRows + 16))
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func random() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 40)
    }
    for index in unsafe tiles.bytes.indices {
      unsafe tiles.bytes.storeBytes(of: Int8(random() % 255 - 127), toByteOffset: index, as: Int8.self)
    }
    // 1 as bfloat16 is the high half of 1 as float32.
    if group == 0 {
      unsafe scales.pointer(to: Float.self).update(repeating: 1, count: scales.bytes.count / 4)
    } else {
      unsafe scales.pointer(to: UInt16.self).update(repeating: 0x3F80, count: scales.bytes.count / 2)
    }
    for index in 0..<tokens * columns {
      unsafe input.pointer(to: Float.self)[index] = Float(random() % 2001 - 1000) / 1000
    }
    weights = unsafe LinearWeights(
      rows: rows, columns: columns, group: group, usesOffset: true,
      tiles: UnsafePointer(tiles.pointer(to: Int8.self)),
      scales: UnsafeRawPointer(scales.pointer(to: UInt8.self)),
      sums: group == 0 ? UnsafePointer(sums.pointer(to: Int32.self)) : nil,
      bias: UnsafePointer(bias.pointer(to: Float.self)))
    self.tokens = tokens
    unsafe self.input = input.pointer(to: Float.self)
    unsafe self.output = output.pointer(to: Float.self)
    quantized = unsafe QuantizedRows(
      values: values.pointer(to: Int8.self), scales: scalesOfTokens.pointer(to: Float.self),
      zeroPoints: zeroPoints.pointer(to: Int32.self))
    buffers = [tiles, scales, sums, bias, input, values, scalesOfTokens, zeroPoints, output]
  }

  /// The bytes that a product reads of it: weights, scales and sums.
  var size: Int {
    let scales = weights.scalesPerRow ? 8 * weights.paddedRows : 2 * weights.paddedRows * weights.groups
    return weights.paddedRows * weights.paddedColumns + scales
  }
}
