/// LayerNorm of `count` rows of `width` floats: y = (x − mean) / √(variance + ε) · gain + bias.
///
/// The variance comes from centred values. `output` may be `input`. (Ba, Kiros and Hinton, 2016.)
@inline(__always)
func normalizeRows(
  _ input: UnsafePointer<Float>, count: Int, width: Int, gain: UnsafePointer<Float>,
  bias: UnsafePointer<Float>,
  epsilon: Float, into output: UnsafeMutablePointer<Float>
) {
  let length = Float(width)
  for row in 0..<count {
    let x = input + row &* width
    let y = output + row &* width
    var sum = Lanes.zero
    var index = 0
    while index < width {
      sum += x.lanes(at: index, end: width)
      index &+= 16
    }
    let mean = sum.foldedSum / length
    var squares = Lanes.zero
    index = 0
    while index < width {
      let centred = (x.lanes(at: index, end: width) - mean).keeping(first: width &- index, else: 0)
      squares += centred * centred
      index &+= 16
    }
    let inverse = 1 / (squares.foldedSum / length + epsilon).squareRoot()
    index = 0
    while index < width {
      let centred = (x.lanes(at: index, end: width) - mean) * inverse
      let scaled = centred * gain.lanes(at: index, end: width) + bias.lanes(at: index, end: width)
      y.store(scaled, at: index, end: width)
      index &+= 16
    }
  }
}

/// Root mean square norm of `count` rows of `width` floats: y = x / √(mean of x² + ε) · gain. `output` may be `input`.
/// (Zhang and Sennrich, 2019.)
@inline(__always)
func scaleRows(
  _ input: UnsafePointer<Float>, count: Int, width: Int, gain: UnsafePointer<Float>, epsilon: Float,
  into output: UnsafeMutablePointer<Float>
) {
  let length = Float(width)
  for row in 0..<count {
    let x = input + row &* width
    let y = output + row &* width
    var squares = Lanes.zero
    var index = 0
    while index < width {
      let lanes = x.lanes(at: index, end: width)
      squares += lanes * lanes
      index &+= 16
    }
    let inverse = 1 / (squares.foldedSum / length + epsilon).squareRoot()
    index = 0
    while index < width {
      let scaled = x.lanes(at: index, end: width) * inverse * gain.lanes(at: index, end: width)
      y.store(scaled, at: index, end: width)
      index &+= 16
    }
  }
}

/// The residual connection: x += y for `count` rows of `width` floats, y in rows of `stride`.
@inline(__always)
func addRows(
  _ y: UnsafePointer<Float>, stride: Int, to x: UnsafeMutablePointer<Float>, count: Int, width: Int
) {
  for row in 0..<count {
    let source = y + row &* stride
    let target = x + row &* width
    var index = 0
    while index < width {
      target.add(source.lanes(at: index, end: width), at: index, end: width)
      index &+= 16
    }
  }
}
