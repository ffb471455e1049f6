import SwiftletKernels

/// Applies `function` to `width` floats of each of `count` rows, in rows of `stride`, in place. With a gate a row has
/// `2 · width` floats, and the first half becomes function(first half) · second half.
@inline(__always)
func activateRows(
  _ x: UnsafeMutablePointer<Float>, stride: Int, count: Int, width: Int, _ function: PointwiseFunction,
  isGated: Bool
) {
  for row in 0..<count {
    let x = x + row &* stride
    var index = 0
    while index < width {
      var y = applied(function, to: UnsafePointer(x).lanes(at: index, end: width))
      if isGated { y *= UnsafePointer(x + width).lanes(at: index, end: width) }
      x.store(y, at: index, end: width)
      index &+= 16
    }
  }
}

/// The function of 16 floats.
@inline(__always)
private func applied(_ function: PointwiseFunction, to x: Lanes) -> Lanes {
  switch function {
  case .relu: x.maximum(Lanes.zero)
  case .swish: swish(x)
  case .gelu: x * ((errorFunction(x * 0.707_106_781) + 1) * 0.5)
  case .geluTanh: geluByTanh(x)
  case .tanh: hyperbolicTangent(x)
  }
}

/// x / (1 + e⁻ˣ), lane by lane.
@inline(__always)
func swish(_ x: Lanes) -> Lanes { x / (exponential(Lanes.zero - x) + 1) }

/// ½ x (1 + tanh u) with u = √(2/π) (x + 0.044715 x³), which is x / (1 + e⁻²ᵘ) (Hendrycks and Gimpel, 2016).
@inline(__always)
func geluByTanh(_ x: Lanes) -> Lanes {
  let u = (x * x * x * 0.044_715 + x) * 0.797_884_561
  return x / (exponential(u * -2) + 1)
}
