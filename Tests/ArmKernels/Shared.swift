import SwiftletKernels
import SwiftletKernelsPlain
import SwiftletPlatform

/// The kernels that are written once, as `kernels` compiles them, against the plain ones. Returns how many results were
/// compared.
func checkShared(_ kernels: KernelSet, _ memory: inout Memory, _ random: inout Random) -> Int {
  var count = 0
  for width in 1...130 {
    memory.reset()
    checkNormalize(kernels, width: width, rows: 1 + width % 3, &memory, &random)
    checkAdd(kernels, width: width, rows: 1 + width % 3, &memory, &random)
    checkPosition(kernels, width: width, layout: .halves, &memory, &random)
    checkPosition(kernels, width: width, layout: .interleaved, &memory, &random)
    checkEmbed(kernels, columns: width, group: width % 3 * 32, &memory, &random)
    memory.reset()
    checkRootMeanSquareNorm(kernels, width: width, rows: 1 + width % 3, &memory, &random)
    checkActivate(kernels, width: width, isGated: width % 2 == 1, &memory, &random)
    checkRotate(kernels, headWidth: width, position: 7 * width, &memory, &random)
    checkLikeliest(kernels, logits: width * (1 + width % 5), &memory, &random)
    memory.reset()
    checkAttention(kernels, width: 1 + width * 7 % 80, tokens: width, &memory, &random)
    count += 10
  }
  return count
}

private func floats(
  _ count: Int, _ reach: Float, _ memory: inout Memory, _ random: inout Random
) -> UnsafeMutablePointer<Float> {
  let x = memory.take(count, filledWith: Float(0))
  for index in 0..<count { x[index] = random.float(reach) }
  return x
}

private func checkNormalize(
  _ kernels: KernelSet, width: Int, rows: Int, _ memory: inout Memory, _ random: inout Random
) {
  let x = floats(rows * width, 10, &memory, &random)
  let (gain, bias) = (floats(width, 2, &memory, &random), floats(width, 2, &memory, &random))
  let plain = memory.take(rows * width + 16, filledWith: Float(7))
  let result = memory.take(rows * width + 16, filledWith: Float(7))
  KernelSet.plain.normalize(x, rows, width, gain, bias, 1e-5, plain)
  kernels.normalize(x, rows, width, gain, bias, 1e-5, result)
  if !areSame(plain, result, count: rows * width + 16) { fail("normalize: width, rows", width, rows) }
}

private func checkRootMeanSquareNorm(
  _ kernels: KernelSet, width: Int, rows: Int, _ memory: inout Memory, _ random: inout Random
) {
  let x = floats(rows * width, 10, &memory, &random)
  let gain = floats(width, 2, &memory, &random)
  let plain = memory.take(rows * width + 16, filledWith: Float(7))
  let result = memory.take(rows * width + 16, filledWith: Float(7))
  KernelSet.plain.normalize(x, rows, width, gain, nil, 1e-5, plain)
  kernels.normalize(x, rows, width, gain, nil, 1e-5, result)
  if !areSame(plain, result, count: rows * width + 16) { fail("norm: width, rows", width, rows) }
}

private func checkActivate(
  _ kernels: KernelSet, width: Int, isGated: Bool, _ memory: inout Memory, _ random: inout Random
) {
  let count = 2 * (2 * width + 3)
  for function in 1...5 as ClosedRange<UInt32> {
    let plain = floats(count, 9, &memory, &random)
    let result = memory.take(count, filledWith: Float(0))
    for index in 0..<count { result[index] = plain[index] }
    let function = PointwiseFunction(rawValue: function) ?? .relu
    KernelSet.plain.activate(plain, 2 * width + 3, 2, width, function, isGated)
    kernels.activate(result, 2 * width + 3, 2, width, function, isGated)
    if !areSame(plain, result, count: count) {
      fail("activate: width, function", width, Int(function.rawValue))
    }
  }
}

private func checkRotate(
  _ kernels: KernelSet, headWidth: Int, position: Int, _ memory: inout Memory, _ random: inout Random
) {
  let plain = floats(3 * headWidth, 9, &memory, &random)
  let result = memory.take(3 * headWidth, filledWith: Float(0))
  for index in 0..<3 * headWidth { result[index] = plain[index] }
  let frequencies = memory.take(headWidth, filledWith: Float(0))
  for index in 0..<headWidth { frequencies[index] = 1 / Float(index + 1) }
  let rotaryWidth = headWidth & -2
  KernelSet.plain.rotate(plain, 3, headWidth, frequencies, rotaryWidth, position)
  kernels.rotate(result, 3, headWidth, frequencies, rotaryWidth, position)
  if !areSame(plain, result, count: 3 * headWidth) {
    fail("rotate: head width, position", headWidth, position)
  }
}

private func checkAdd(
  _ kernels: KernelSet, width: Int, rows: Int, _ memory: inout Memory, _ random: inout Random
) {
  let stride = roundUp(width, to: 16) + 16
  let y = floats(rows * stride, 10, &memory, &random)
  let plain = floats(rows * width + 16, 10, &memory, &random)
  let result = memory.take(rows * width + 16, filledWith: Float(0))
  result.update(from: plain, count: rows * width + 16)
  KernelSet.plain.add(y, stride, plain, rows, width)
  kernels.add(y, stride, result, rows, width)
  if !areSame(plain, result, count: rows * width + 16) { fail("add: width, rows", width, rows) }
}

private func checkPosition(
  _ kernels: KernelSet, width: Int, layout: PositionLayout, _ memory: inout Memory, _ random: inout Random
) {
  let frequencies = memory.take((width + 1) / 2, filledWith: Float(0))
  for index in 0..<(width + 1) / 2 { frequencies[index] = random.float(0.5) + 0.5 }
  let position = random.number(below: 8192)
  let plain = floats(width + 16, 1, &memory, &random)
  let result = memory.take(width + 16, filledWith: Float(0))
  result.update(from: plain, count: width + 16)
  KernelSet.plain.position(position, frequencies, layout, width, plain)
  kernels.position(position, frequencies, layout, width, result)
  if !areSame(plain, result, count: width + 16) { fail("position: width, position", width, position) }
}

private func checkEmbed(
  _ kernels: KernelSet, columns: Int, group: Int, _ memory: inout Memory, _ random: inout Random
) {
  let table = randomMatrix(rows: 37, columns: columns, group: group, &memory, &random)
  let token = random.number(below: 37)
  let plain = memory.take(columns + 16, filledWith: Float(7))
  let result = memory.take(columns + 16, filledWith: Float(7))
  KernelSet.plain.embed(table, token, 16, false, plain)
  kernels.embed(table, token, 16, false, result)
  let isSame = areSame(plain, result, count: columns + 16)
  if !isSame { fail("embed: columns, group, token", columns, group, token) }
}

private func checkLikeliest(
  _ kernels: KernelSet, logits count: Int, _ memory: inout Memory, _ random: inout Random
) {
  let logits = floats(roundUp(count, to: 16), 20, &memory, &random)
  // A tie, often with the largest.
  logits[random.number(below: count)] = 19.5
  logits[random.number(below: count)] = 19.5
  let (plain, result) = (KernelSet.plain.likeliest(logits, count), kernels.likeliest(logits, count))
  let hasSameBits = plain.logProbability.bitPattern == result.logProbability.bitPattern
  if plain.index != result.index || !hasSameBits { fail("likeliest: count", count) }
}
