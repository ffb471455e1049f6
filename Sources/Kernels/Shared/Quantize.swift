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
  let groups = weights.groups
  for token in 0..<count {
    for group in 0..<groups {
      let start = group &* weights.groupSize
      let place = token &* weights.inputGroups &+ group &* weights.inputParts
      let inputs = unsafe source + (token &* stride &+ start)
      let values = unsafe rows.values + (token &* weights.inputStride &+ start &* weights.inputParts)
      let count = min(weights.columns &- start, weights.groupSize)
      let (scale, zeroPoint) =
        unsafe weights.inputs == nil
        ? quantizeGroup(
          inputs, count: count, padded: weights.groupSize, into: values, hasZeroPoint: weights.usesOffset,
          parts: weights.inputParts, shift: shift)
        : quantizeAdapted(inputs, count: count, for: weights, from: start, into: values, shift: shift)
      unsafe rows.scales[place] = scale
      unsafe rows.zeroPoints[place] = zeroPoint
      if weights.inputParts > 1 {
        unsafe rows.scales[place &+ 1] = scale / 254
        unsafe rows.zeroPoints[place &+ 1] = 0 &- shift
      }
    }
  }
}

/// Quantises one group of `count` floats, from input `start` on, each multiplied by its factor and shifted.
@inline(never)
func quantizeAdapted(
  _ source: UnsafePointer<Float>, count: Int, for weights: LinearWeights, from start: Int,
  into target: UnsafeMutablePointer<Int8>, shift: Int32
) -> (scale: Float, zeroPoint: Int32) {
  let factors = unsafe weights.inputs.unsafelyUnwrapped + start
  let shifts = unsafe factors + weights.paddedColumns
  var adapted = InlineArray<4, Lanes>(repeating: Lanes.zero)  // A group is 64 inputs, or 32.
  return unsafe withUnsafeMutableBytes(of: &adapted) { bytes in
    let adapted = unsafe bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Float.self)
    var index = 0
    while index < count {
      let x = unsafe source.lanes(at: index, end: count)
      unsafe adapted.store(
        x * floats(bfloat16At: factors + index) + floats(bfloat16At: shifts + index), at: index)
      index &+= 16
    }
    return unsafe quantizeGroup(
      adapted, count: count, padded: weights.groupSize, into: target, hasZeroPoint: weights.usesOffset,
      parts: weights.inputParts, shift: shift)
  }
}

/// Quantises one group of `count` floats into `padded` bytes a part, padding as zeros; returns the first part's scale and
/// zero point.
@inline(never)
func quantizeGroup(
  _ source: UnsafePointer<Float>, count: Int, padded: Int, into target: UnsafeMutablePointer<Int8>,
  hasZeroPoint: Bool, parts: Int = 1, shift: Int32
) -> (scale: Float, zeroPoint: Int32) {
  let (low, high) = unsafe extremes(source, count: count)
  let reach = hasZeroPoint ? (high - low) * 0.5 : (high > -low ? high : -low)
  let isZero = !(reach > smallestRange)
  let inverse = isZero ? 0 : 127 / reach
  let zeroPoint = hasZeroPoint && !isZero ? limited(nearestWhole(low * inverse) + 127) : 0
  let step = QuantizationStep(
    scale: isZero ? 0 : reach / 127, inverse: inverse, zeroPoint: zeroPoint, shift: shift)
  var index = 0
  #if !hasFeature(Embedded)
    // Without a look at the end a loop is faster. Boards have no room for both.
    while index &+ 16 <= count {
      let (first, second) = unsafe step.quantize(source.lanes(at: index), parts: parts)
      unsafe UnsafeMutableRawPointer(target + index).storeBytes(of: first, as: SIMD16<Int8>.self)
      if parts > 1 {
        let target = unsafe target + padded
        unsafe UnsafeMutableRawPointer(target + index).storeBytes(of: second, as: SIMD16<Int8>.self)
      }
      index &+= 16
    }
  #endif
  if index < padded {
    unsafe quantizeEnd(source, from: index, count: count, padded: padded, into: target, step, parts: parts)
  }
  return (step.scale, Int32(truncatingIfNeeded: Int(zeroPoint)) &- shift)
}

/// What of a group is behind `start`, and its padding.
@inline(never)
private func quantizeEnd(
  _ source: UnsafePointer<Float>, from start: Int, count: Int, padded: Int,
  into target: UnsafeMutablePointer<Int8>, _ step: QuantizationStep, parts: Int
) {
  var index = start
  while index < padded {
    let x = unsafe source.lanes(at: index, end: count)
    var y = step.scaled(x)
    // One loop's code for both parts.
    for part in 0..<parts {
      let q = rounded(y)
      unsafe storeBytes(narrowed(q &+ step.shift), to: target + part &* padded, at: index, end: padded)
      y = step.rest(of: x, after: q)
    }
    index &+= 16
  }
}

/// How a group's floats become int8.
struct QuantizationStep {
  let scale: Float
  /// 1 / scale, or 0.
  let inverse: Float
  let zeroPoint: Float
  let shift: Int32

  /// Both parts, the second only where there are two.
  @inline(__always)
  func quantize(_ x: Lanes, parts: Int) -> (SIMD16<Int8>, SIMD16<Int8>) {
    let q = rounded(scaled(x))
    let first = narrowed(q &+ shift)
    guard parts > 1 else { return (first, first) }
    return (first, narrowed(rounded(rest(of: x, after: q)) &+ shift))
  }

  /// What is rounded to the first part.
  @inline(__always)
  func scaled(_ x: Lanes) -> Lanes { x * inverse - zeroPoint }

  /// What is rounded to the second part: what the first has left off, in its own scale.
  @inline(__always)
  func rest(of x: Lanes, after q: SIMD16<Int32>) -> Lanes {
    (x - (floats(q) + zeroPoint) * scale) * (inverse * 254)
  }
}

/// The smallest and the largest of `count` floats and 0.
@inline(__always)
func extremes(_ source: UnsafePointer<Float>, count: Int) -> (low: Float, high: Float) {
  var low = Lanes.zero
  var high = Lanes.zero
  var index = 0
  #if !hasFeature(Embedded)
    while index &+ 16 <= count {
      let x = unsafe source.lanes(at: index)
      low = low.minimum(x)
      high = high.maximum(x)
      index &+= 16
    }
  #endif
  while index < count {
    let x = unsafe source.lanes(at: index, end: count)
    low = low.minimum(x)
    high = high.maximum(x)
    index &+= 16
  }
  return (low.foldedMinimum, high.foldedMaximum)
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
func storeBytes(_ bytes: SIMD16<Int8>, to target: UnsafeMutablePointer<Int8>, at index: Int, end: Int) {
  if index &+ 16 <= end {
    unsafe UnsafeMutableRawPointer(target + index).storeBytes(of: bytes, as: SIMD16<Int8>.self)
  } else {
    unsafe storeBytes(bytes, to: target + index, first: end &- index)
  }
}

/// Stores the first `count` bytes, fewer than 16.
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
