/// The norm of `count` rows of `width` floats. `output` may be `input`.
///
/// With a bias LayerNorm (Ba, Kiros and Hinton, 2016): y = (x − mean) / √(variance + ε) · gain + bias, where the
/// variance comes from centred values. Without one root mean square norm (Zhang and Sennrich, 2019), which centres
/// nothing: y = x / √(mean of x² + ε) · gain.
@inline(__always)
func normalizeRows(
  _ input: UnsafePointer<Float>, count: Int, width: Int, gain: UnsafePointer<Float>,
  bias: UnsafePointer<Float>?, epsilon: Float, into output: UnsafeMutablePointer<Float>
) {
  let length = Float(width)
  for row in 0..<count {
    let x = unsafe input + row &* width
    let y = unsafe output + row &* width
    let mean = unsafe bias == nil ? 0 : sum(x, count: width) / length
    var squares = Lanes.zero
    var index = 0
    while index &+ 16 <= width {
      let centred = unsafe x.lanes(at: index) - mean
      squares += centred * centred
      index &+= 16
    }
    if index < width {
      let centred = unsafe ((x + index).lanes(first: width &- index) - mean).keeping(
        first: width &- index, else: 0)
      squares += centred * centred
    }
    let inverse = 1 / (squares.foldedSum / length + epsilon).squareRoot()
    index = 0
    while index < width {
      let centred = unsafe (x.lanes(at: index, end: width) - mean) * inverse
      var scaled = unsafe centred * gain.lanes(at: index, end: width)
      if let bias = unsafe bias { unsafe scaled += bias.lanes(at: index, end: width) }
      unsafe y.store(scaled, at: index, end: width)
      index &+= 16
    }
  }
}

/// Σ x of `count` floats.
@inline(__always)
func sum(_ x: UnsafePointer<Float>, count: Int) -> Float {
  var sum = Lanes.zero
  var index = 0
  while index < count {
    unsafe sum += x.lanes(at: index, end: count)
    index &+= 16
  }
  return sum.foldedSum
}

/// The residual connection: x += y for `count` rows of `width` floats, y in rows of `stride`.
@inline(__always)
func addRows(
  _ y: UnsafePointer<Float>, stride: Int, to x: UnsafeMutablePointer<Float>, count: Int, width: Int
) {
  for row in 0..<count {
    let source = unsafe y + row &* stride
    let target = unsafe x + row &* width
    var index = 0
    while index < width {
      unsafe target.add(source.lanes(at: index, end: width), at: index, end: width)
      index &+= 16
    }
  }
}
