import SwiftletKernels

/// A range below this is taken as a constant: its scale would be subnormal, which some processors flush to zero.
let smallestRange: Float = 1e-30

/// Quantises `count` tokens of `weights.columns` floats for a product with `weights` (numeric contract, 2).
///
/// With an offset: mid = (max + min) / 2, scale = (max − min) / 254, q = round((x − mid) · 254 / (max − min)).
/// Without: mid = 0, scale = max |x| / 127. `zeroPoint` is added to every stored q.
@inline(__always)
func quantizeRows(
  _ source: UnsafePointer<Float>, stride: Int, count: Int, for weights: LinearWeights,
  into rows: QuantizedRows, zeroPoint: Int32
) {
  let groups = weights.groups
  let padded = weights.paddedColumns
  for token in 0..<count {
    for group in 0..<groups {
      let start = group &* weights.groupSize
      let place = token &* groups &+ group
      let (scale, middle) = quantizeGroup(
        source + (token &* stride &+ start),
        count: min(weights.columns &- start, weights.groupSize), padded: weights.groupSize,
        into: rows.values + (token &* padded &+ start), usesOffset: weights.usesOffset, zeroPoint: zeroPoint)
      rows.scales[place] = scale
      rows.middles[place] = middle
    }
  }
}

/// Quantises one group of `count` floats into `padded` bytes; returns its scale and middle.
@inline(__always)
func quantizeGroup(
  _ source: UnsafePointer<Float>, count: Int, padded: Int, into target: UnsafeMutablePointer<Int8>,
  usesOffset: Bool, zeroPoint: Int32
) -> (scale: Float, middle: Float) {
  let (low, high) = extremes(source, count: count)
  let middle = usesOffset ? (high + low) * 0.5 : 0
  let reach = usesOffset ? (high - low) * 0.5 : (high > -low ? high : -low)
  let isConstant = !(reach > smallestRange)
  let inverse = isConstant ? 0 : 127 / reach
  var index = 0
  while index < padded {
    let x = index < count ? source.lanes(at: index, end: count) : Lanes(repeating: middle)
    let q = rounded((x - middle) * inverse) &+ zeroPoint
    storeBytes(narrowed(q), to: target, at: index, end: padded)
    index &+= 16
  }
  return (isConstant ? 0 : reach / 127, middle)
}

/// The smallest and the largest of `count` floats, count ≥ 1.
@inline(__always)
func extremes(_ source: UnsafePointer<Float>, count: Int) -> (low: Float, high: Float) {
  var low = Lanes(repeating: source[0])
  var high = low
  var index = 0
  while index < count {
    var x = source.lanes(at: index, end: count)
    x = x.keeping(first: count &- index, else: source[0])
    low = low.minimum(x)
    high = high.maximum(x)
    index &+= 16
  }
  return (low.foldedMinimum, high.foldedMaximum)
}

/// Whole numbers in [−127, 127] nearest to `x`, ties to even; NaN gives 127.
@inline(__always)
func rounded(_ x: Lanes) -> SIMD16<Int32> {
  let below = Lanes(repeating: 127).minimum(x)
  let clamped = below.maximum(Lanes(repeating: -127))
  let bits = unsafeBitCast(clamped + roundingConstant, to: SIMD16<Int32>.self)
  return bits &- 0x4B40_0000  // the bits of `roundingConstant`
}

@inline(__always)
func storeBytes(_ bytes: SIMD16<Int8>, to target: UnsafeMutablePointer<Int8>, at index: Int, end: Int) {
  if index &+ 16 <= end {
    UnsafeMutableRawPointer(target + index).storeBytes(of: bytes, as: SIMD16<Int8>.self)
    return
  }
  var lane = 0
  while index &+ lane < end {
    target[index &+ lane] = bytes[lane]
    lane &+= 1
  }
}

extension QuantizedRows {
  /// The rows from `token` on.
  @inline(__always)
  func advanced(by token: Int, for weights: LinearWeights) -> QuantizedRows {
    QuantizedRows(
      values: values + token &* weights.paddedColumns, scales: scales + token &* weights.groups,
      middles: middles + token &* weights.groups)
  }
}

extension LinearWeights {
  /// The scales of rows 16·`tile` … + 15 for inputs of group `group`.
  @inline(__always)
  func scales(tile: Int, group: Int) -> Lanes {
    if scalesPerRow {
      return scales.assumingMemoryBound(to: Float.self).lanes(at: 16 &* tile)
    }
    let place = 16 &* (tile &* groups &+ group)
    return floats(bfloat16At: scales.assumingMemoryBound(to: UInt16.self) + place)
  }
}
