import SwiftletKernels

/// A range below this is taken as zero: its scale would be subnormal, which some processors flush to zero.
let smallestRange: Float = 1e-30

/// Quantises `count` tokens of `weights.columns` floats for a product with `weights` (numeric contract, 2).
///
/// With a zero point: low = min(x, 0), high = max(x, 0), scale = (high − low) / 254, zero point = round(low / scale)
/// + 127, q = round(x / scale − zero point). Without: zero point 0, scale = max |x| / 127. What that leaves off is half
/// a scale at most: a second part, where inputs have one, has the scale / 254 and zero point 0. `shift` is what the
/// kernels want added to every stored q, and taken off every stored zero point.
@inline(__always)
func quantizeRows(
  _ source: UnsafePointer<Float>, stride: Int, count: Int, for weights: LinearWeights,
  into rows: QuantizedRows, shift: Int32
) {
  for token in 0..<count {
    let source = unsafe source + token &* stride
    let rows = rows.advanced(by: token, for: weights)
    if unsafe weights.inputs == nil {
      unsafe quantizeRow(source, for: weights, into: rows, shift: shift)
    } else {
      for group in 0..<weights.groups {
        let step = unsafe quantizeAdapted(
          source, for: weights, group: group, into: weights.place(of: group, in: rows), shift: shift)
        rows.set(step, group: group, for: weights, shift: shift)
      }
    }
  }
}

/// Quantises one token's inputs, as many groups at a time as `QuantizationSteps` holds: first their ranges, then what
/// follows from them, then their values. So a processor does not wait for one group's range before it looks at the next.
@inline(__always)
private func quantizeRow(
  _ source: UnsafePointer<Float>, for weights: LinearWeights, into rows: QuantizedRows, shift: Int32
) {
  var steps = QuantizationSteps(repeating: QuantizationStep())
  var first = 0
  while first < weights.groups {
    let groups = min(weights.groups &- first, steps.count)
    for place in 0..<groups {
      let group = first &+ place
      let (low, high) = unsafe extremes(
        source + group &* weights.groupSize, count: weights.columns(of: group))
      steps[place].scale = low
      steps[place].inverse = high
    }
    for place in 0..<groups {
      steps[place] = QuantizationStep(
        low: steps[place].scale, high: steps[place].inverse, hasZeroPoint: weights.usesOffset)
      rows.set(steps[place], group: first &+ place, for: weights, shift: shift)
    }
    for place in 0..<groups {
      let group = first &+ place
      unsafe quantizeValues(
        source + group &* weights.groupSize, count: weights.columns(of: group), padded: weights.groupSize,
        into: weights.place(of: group, in: rows), steps[place], parts: weights.inputParts, shift: shift)
    }
    first &+= groups
  }
}

/// How a group is quantised: x ≈ scale · (q + zero point).
struct QuantizationStep: BitwiseCopyable {
  var scale: Float = 0
  /// 1 / scale, or 0 where the scale is.
  var inverse: Float = 0
  var zeroPoint: Float = 0

  init() {}

  /// For floats between `low` ≤ 0 and `high` ≥ 0.
  @inline(__always)
  init(low: Float, high: Float, hasZeroPoint: Bool) {
    let reach = hasZeroPoint ? (high - low) * 0.5 : (high > -low ? high : -low)
    guard reach > smallestRange else { return }
    inverse = 127 / reach
    if hasZeroPoint { zeroPoint = limited(nearestWhole(low * inverse) + 127) }
    scale = reach / 127
  }

  /// What stands for 16 floats, and for what it leaves off if there are two parts.
  @inline(__always)
  func quantized(_ x: Lanes, parts: Int) -> (first: SIMD16<Int32>, second: SIMD16<Int32>) {
    let q = rounded(x * inverse - zeroPoint)
    guard parts > 1 else { return (q, q) }
    return (q, rounded((x - (floats(q) + zeroPoint) * scale) * (inverse * 254)))
  }
}

/// Steps of some groups.
typealias QuantizationSteps = InlineArray<16, QuantizationStep>

extension LinearWeights {
  /// How many inputs a group has, padding left out.
  @inline(__always)
  func columns(of group: Int) -> Int { min(columns &- group &* groupSize, groupSize) }

  /// Where the first part of a group's quantised inputs lies in the first of `rows`.
  @inline(__always)
  func place(of group: Int, in rows: QuantizedRows) -> UnsafeMutablePointer<Int8> {
    unsafe rows.values + group &* groupSize &* inputParts
  }
}

extension QuantizedRows {
  /// Stores the scales and zero points of a group's parts in the first row.
  @inline(__always)
  func set(_ step: QuantizationStep, group: Int, for weights: LinearWeights, shift: Int32) {
    let place = group &* weights.inputParts
    unsafe scales[place] = step.scale
    unsafe zeroPoints[place] = Int32(truncatingIfNeeded: Int(step.zeroPoint)) &- shift
    if weights.inputParts > 1 {
      unsafe scales[place &+ 1] = step.scale / 254
      unsafe zeroPoints[place &+ 1] = 0 &- shift
    }
  }
}

/// Quantises one group of a token's inputs, each multiplied by its factor and shifted.
@inline(never)
func quantizeAdapted(
  _ source: UnsafePointer<Float>, for weights: LinearWeights, group: Int,
  into target: UnsafeMutablePointer<Int8>, shift: Int32
) -> QuantizationStep {
  let (start, count) = (group &* weights.groupSize, weights.columns(of: group))
  let factors = unsafe weights.inputs.unsafelyUnwrapped + start
  let shifts = unsafe factors + weights.paddedColumns
  var adapted = InlineArray<4, Lanes>(repeating: Lanes.zero)  // A group is 64 inputs, or 32.
  return unsafe withUnsafeMutableBytes(of: &adapted) { bytes in
    let adapted = unsafe bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Float.self)
    var index = 0
    while index < count {
      let x = unsafe source.lanes(at: start &+ index, end: start &+ count)
      unsafe adapted.store(
        x * floats(bfloat16At: factors + index) + floats(bfloat16At: shifts + index), at: index)
      index &+= 16
    }
    return unsafe quantizeGroup(
      adapted, count: count, padded: weights.groupSize, into: target, hasZeroPoint: weights.usesOffset,
      parts: weights.inputParts, shift: shift)
  }
}

/// Quantises one group of `count` floats into `padded` bytes a part, padding as zeros.
@inline(__always)
func quantizeGroup(
  _ source: UnsafePointer<Float>, count: Int, padded: Int, into target: UnsafeMutablePointer<Int8>,
  hasZeroPoint: Bool, parts: Int = 1, shift: Int32
) -> QuantizationStep {
  let (low, high) = unsafe extremes(source, count: count)
  let step = QuantizationStep(low: low, high: high, hasZeroPoint: hasZeroPoint)
  unsafe quantizeValues(source, count: count, padded: padded, into: target, step, parts: parts, shift: shift)
  return step
}

/// Quantises `count` floats into `padded` bytes a part, padding as zeros.
@inline(__always)
func quantizeValues(
  _ source: UnsafePointer<Float>, count: Int, padded: Int, into target: UnsafeMutablePointer<Int8>,
  _ step: QuantizationStep, parts: Int, shift: Int32
) {
  var index = 0
  while index &+ 16 <= count {
    let (first, second) = unsafe step.quantized(source.lanes(at: index), parts: parts)
    unsafe storeBytes(narrowed(first &+ shift), to: target + index)
    if parts > 1 { unsafe storeBytes(narrowed(second &+ shift), to: target + (padded &+ index)) }
    index &+= 16
  }
  if index < padded {
    unsafe quantizeTail(
      source + index, count: count &- index, padded: padded &- index, into: target + index,
      second: target + (padded &+ index),
      step, parts: parts, shift: shift)
  }
}

/// The same for fewer than 16 floats and the padding after them: there once, as few groups have it.
@inline(never)
private func quantizeTail(
  _ source: UnsafePointer<Float>, count: Int, padded: Int, into target: UnsafeMutablePointer<Int8>,
  second: UnsafeMutablePointer<Int8>, _ step: QuantizationStep, parts: Int, shift: Int32
) {
  var index = 0
  while index < padded {
    let values = unsafe step.quantized((source + index).lanes(first: max(count &- index, 0)), parts: parts)
    let end = min(padded &- index, 16)
    unsafe storeBytes(narrowed(values.first &+ shift), to: target + index, first: end)
    if parts > 1 { unsafe storeBytes(narrowed(values.second &+ shift), to: second + index, first: end) }
    index &+= 16
  }
}

/// The smallest and the largest of `count` floats and 0.
@inline(__always)
func extremes(_ source: UnsafePointer<Float>, count: Int) -> (low: Float, high: Float) {
  var low = Lanes.zero
  var high = Lanes.zero
  var index = 0
  while index &+ 16 <= count {
    let x = unsafe source.lanes(at: index)
    low = low.minimum(x)
    high = high.maximum(x)
    index &+= 16
  }
  if index < count {
    let x = unsafe (source + index).lanes(first: count &- index)
    low = low.minimum(x)
    high = high.maximum(x)
  }
  return foldedExtremes(low, high)
}

/// The smallest lane of one vector and the largest of another, each folded as by `foldedMaximum`, side by side.
@inline(__always)
private func foldedExtremes(_ low: Lanes, _ high: Lanes) -> (low: Float, high: Float) {
  let opposite = Lanes.zero - low
  let (a, b) = (larger(opposite.lowHalf, opposite.highHalf), larger(high.lowHalf, high.highHalf))
  let eight = larger(
    SIMD8(lowHalf: a.lowHalf, highHalf: b.lowHalf), SIMD8(lowHalf: a.highHalf, highHalf: b.highHalf))
  let (c, d) = (eight.lowHalf, eight.highHalf)
  let four = larger(
    SIMD4(lowHalf: c.lowHalf, highHalf: d.lowHalf), SIMD4(lowHalf: c.highHalf, highHalf: d.highHalf))
  return (-(four[1] > four[0] ? four[1] : four[0]), four[3] > four[2] ? four[3] : four[2])
}

/// The whole number nearest to `x`, ties to even, for |x| ≤ 2²².
@inline(__always)
func nearestWhole(_ x: Float) -> Float { (x + roundingConstant) - roundingConstant }

/// `x` within [−127, 127]; 127 for NaN, which inputs without a finite range give.
@inline(__always)
func limited(_ x: Float) -> Float { x < 127 ? (x > -127 ? x : -127) : 127 }

/// Whole numbers in [−127, 127] nearest to `x`, ties to even; NaN gives 127.
@inline(__always)
func rounded(_ x: Lanes) -> SIMD16<Int32> {
  let below = Lanes(repeating: 127).minimum(x)
  let clamped = below.maximum(Lanes(repeating: -127))
  let bits = unsafe unsafeBitCast(clamped + roundingConstant, to: SIMD16<Int32>.self)
  return bits &- 0x4B40_0000  // the bits of `roundingConstant`
}

@inline(__always)
func storeBytes(_ bytes: SIMD16<Int8>, to target: UnsafeMutablePointer<Int8>) {
  unsafe UnsafeMutableRawPointer(target).storeBytes(of: bytes, as: SIMD16<Int8>.self)
}

/// Stores the first `count` bytes, at most 16.
@inline(never)
func storeBytes(_ bytes: SIMD16<Int8>, to target: UnsafeMutablePointer<Int8>, first count: Int) {
  var lane = 0
  while lane < count {
    unsafe target[lane] = bytes[lane]
    lane &+= 1
  }
}

extension LinearWeights {
  /// The scales of rows 16·`tile` … + 15 for inputs of group `group`.
  @inline(__always)
  func scales(tile: Int, group: Int) -> Lanes {
    if scalesPerRow {
      return unsafe scales.assumingMemoryBound(to: Float.self).lanes(at: 16 &* tile)
    }
    let place = 16 &* (tile &* groups &+ group)
    return unsafe floats(bfloat16At: scales.assumingMemoryBound(to: UInt16.self) + place)
  }
}
