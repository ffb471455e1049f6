import SwiftletKernels

/// A random weight matrix in the file's layout: some rows zero, some matrices of nothing but ±127.
func randomMatrix(
  rows: Int, columns: Int, group: Int, _ memory: inout Memory, _ random: inout Random
) -> LinearWeights {
  let tiles = roundUp(rows, to: 16) / 16
  let size = group == 0 ? roundUp(columns, to: 4) : group
  let groups = (columns + size - 1) / size
  let paddedColumns = groups * size
  let values = memory.take(16 * tiles * paddedColumns, filledWith: Int8(0))
  let sums = memory.take(16 * tiles, filledWith: Int32(0))
  let bias = memory.take(16 * tiles, filledWith: Float(0))
  let isExtreme = random.happens(oneIn: 4)
  for row in 0..<rows {
    bias[row] = random.float(1)
    if random.happens(oneIn: 8) { continue }
    let chance = 1 + random.number(below: 3)
    for column in 0..<columns {
      let extreme = random.happens(oneIn: chance) ? 127 : -127
      let value = isExtreme ? extreme : random.number(below: 255) - 127
      let block = row / 16 * paddedColumns + column / 4 * 4
      values[16 * block + row % 16 * 4 + column % 4] = Int8(truncatingIfNeeded: value)
      sums[row] &+= Int32(truncatingIfNeeded: value)
    }
  }
  let scales =
    group == 0
    ? randomRowScales(16 * tiles, &memory, &random) : randomGroupScales(16 * tiles * groups, &memory, &random)
  return LinearWeights(
    rows: rows, columns: columns, group: group, usesOffset: random.happens(oneIn: 2),
    inputParts: 1 + random.number(below: 2), tiles: values, scales: scales,
    sums: group == 0 ? UnsafePointer(sums) : nil,
    bias: random.happens(oneIn: 4) ? nil : UnsafePointer(bias),
    inputs: group == 0 || random.happens(oneIn: 2)
      ? nil : randomInputs(columns, padded: paddedColumns, &memory, &random))
}

/// Factors of inputs, then their shifts: bfloat16, with zeros as padding.
private func randomInputs(
  _ columns: Int, padded: Int, _ memory: inout Memory, _ random: inout Random
) -> UnsafePointer<UInt16> {
  let inputs = memory.take(2 * padded, filledWith: UInt16(0))
  for column in 0..<columns {
    let factor = Float(1 + random.number(below: 255)) * 0x1p-6
    inputs[column] = UInt16(truncatingIfNeeded: factor.bitPattern >> 16)
    inputs[padded + column] = UInt16(truncatingIfNeeded: random.float(1).bitPattern >> 16)
  }
  return UnsafePointer(inputs)
}

private func randomRowScales(
  _ count: Int, _ memory: inout Memory, _ random: inout Random
) -> UnsafeRawPointer {
  let scales = memory.take(count, filledWith: Float(0))
  for index in 0..<count { scales[index] = Float(1 + random.number(below: 32767)) * 0x1p-20 }
  return UnsafeRawPointer(scales)
}

/// The upper halves of floats: bfloat16.
private func randomGroupScales(
  _ count: Int, _ memory: inout Memory, _ random: inout Random
) -> UnsafeRawPointer {
  let scales = memory.take(count, filledWith: UInt16(0))
  for index in 0..<count {
    let scale = Float(1 + random.number(below: 255)) * 0x1p-12
    scales[index] = UInt16(truncatingIfNeeded: scale.bitPattern >> 16)
  }
  return UnsafeRawPointer(scales)
}

/// Tokens of random floats: some constant, some zero, some one-sided, some of two values, which become ±127.
func randomTokens(
  _ count: Int, _ columns: Int, _ memory: inout Memory, _ random: inout Random
) -> UnsafeMutablePointer<Float> {
  let x = memory.take(count * columns, filledWith: Float(0))
  for token in 0..<count {
    let row = x + token * columns
    let kind = random.number(below: 10)
    let constant = random.float(1)
    for column in 0..<columns {
      switch kind {
      case 0: row[column] = 0
      case 1: row[column] = constant
      case 2: row[column] = max(0, random.float(3))
      case 3: row[column] = random.happens(oneIn: 2) ? 2 : -2
      default: row[column] = random.float(3)
      }
    }
  }
  return x
}
