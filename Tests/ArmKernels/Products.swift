import SwiftletKernels
import SwiftletKernelsPlain
import SwiftletPlatform

/// Quantisation and products of `kernels` against the plain ones: every count of inputs from 1 to 300, of rows from 1
/// to 70 and of tokens from 1 to 40 occurs, with each grouping, and one token with each. Returns how many products
/// were compared.
func checkProducts(_ kernels: KernelSet, _ memory: inout Memory, _ random: inout Random) -> Int {
  let groupings: InlineArray<3, Int> = [0, 32, 64]
  var count = 0
  for columns in 1...300 {
    for index in groupings.indices {
      memory.reset()
      let matrix = randomMatrix(
        rows: 1 + columns * 37 % 70, columns: columns, group: groupings[index], &memory, &random)
      checkProduct(kernels, matrix, tokens: 1, &memory, &random)
      checkProduct(kernels, matrix, tokens: 1 + columns * 17 % 40, &memory, &random)
      count += 2
    }
  }
  return count
}

private func checkProduct(
  _ kernels: KernelSet, _ matrix: LinearWeights, tokens: Int, _ memory: inout Memory, _ random: inout Random
) {
  let x = randomTokens(tokens, matrix.columns, &memory, &random)
  let activation: Activation = random.happens(oneIn: 2) ? .relu : .none
  let product = Product(matrix: matrix, tokens: tokens, tiles: randomTiles(matrix, &memory, &random))
  product.check(kernels, x, activation: activation, &memory)
}

/// All tiles, or some from a list with any of them in any order.
private func randomTiles(
  _ matrix: LinearWeights, _ memory: inout Memory, _ random: inout Random
) -> TileSelection {
  let tiles = matrix.paddedRows / 16
  if random.happens(oneIn: 2) { return TileSelection(0..<tiles) }
  let list = memory.take(6, filledWith: UInt32(0))
  for place in 0..<6 { list[place] = UInt32(random.number(below: tiles)) }
  let start = random.number(below: 3)
  return TileSelection(start..<start + 1 + random.number(below: 3), of: list)
}

/// One product, and the sizes that it is of.
private struct Product {
  let matrix: LinearWeights
  let tokens: Int
  let tiles: TileSelection

  func check(
    _ kernels: KernelSet, _ x: UnsafePointer<Float>, activation: Activation, _ memory: inout Memory
  ) {
    let (plainRows, rows) = (quantized(.plain, x, &memory), quantized(kernels, x, &memory))
    if !areSame(plainRows, rows) { fail("quantize: rows, columns, tokens, group") }
    let stride = 16 * tiles.places.upperBound + 16
    // What is not a result must stay as it was.
    let plainOutput = memory.take(tokens * stride, filledWith: Float(-1e30))
    let output = memory.take(tokens * stride, filledWith: Float(-1e30))
    KernelSet.plain.product(matrix, plainRows, tokens, tiles, plainOutput, stride, activation)
    kernels.product(matrix, rows, tokens, tiles, output, stride, activation)
    let isSame = ArmKernels.areSame(plainOutput, output, count: tokens * stride)
    if !isSame { fail("product: rows, columns, tokens, group") }
  }

  private func fail(_ what: StaticText) -> Never {
    ArmKernels.fail(what, matrix.rows, matrix.columns, tokens, matrix.scalesPerRow ? 0 : matrix.groupSize)
  }

  private func quantized(
    _ kernels: KernelSet, _ x: UnsafePointer<Float>, _ memory: inout Memory
  ) -> QuantizedRows {
    let rows = QuantizedRows(
      values: memory.take(tokens * matrix.inputStride, filledWith: 0),
      scales: memory.take(tokens * matrix.inputGroups, filledWith: 0),
      zeroPoints: memory.take(tokens * matrix.inputGroups, filledWith: 0))
    kernels.quantize(x, matrix.columns, tokens, matrix, rows)
    return rows
  }

  private func areSame(_ a: QuantizedRows, _ b: QuantizedRows) -> Bool {
    for place in 0..<tokens * matrix.inputGroups {
      if a.scales[place].bitPattern != b.scales[place].bitPattern { return false }
      if a.zeroPoints[place] != b.zeroPoints[place] { return false }
    }
    for index in 0..<tokens * matrix.inputStride where a.values[index] != b.values[index] { return false }
    return true
  }
}
