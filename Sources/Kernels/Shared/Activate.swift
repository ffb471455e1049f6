import SwiftletKernels

/// Applies `function` to `width` floats of each of `count` rows, in rows of `stride`, in place. With a gate a row has
/// `2 · width` floats, and the first half becomes function(first half) · second half.
@inline(__always)
func activateRows(
  _ x: UnsafeMutablePointer<Float>, stride: Int, count: Int, width: Int, _ function: PointwiseFunction,
  isGated: Bool
) {
  for row in 0..<count {
    let x = unsafe x + row &* stride
    var index = 0
    while index < width {
      var y = unsafe applied(function, to: UnsafePointer(x).lanes(at: index, end: width))
      if isGated { unsafe y *= UnsafePointer(x + width).lanes(at: index, end: width) }
      unsafe x.store(y, at: index, end: width)
      index &+= 16
    }
  }
}

/// The function of some floats. Not inlined: the loop around it would be there once for each function.
@inline(never)
func applied(_ function: PointwiseFunction, to x: Part) -> Part {
  switch function {
  case .relu: return x.maximum(Part.zero)
  case .gelu: return x * ((errorFunction(x * 0.707_106_781) + 1) * 0.5)
  case .tanh: return hyperbolicTangent(x)
  case .swish, .geluTanh:
    // Swish is x / (1 + e⁻ˣ). ½ x (1 + tanh u) with u = √(2/π) (x + 0.044715 x³) is x / (1 + e⁻²ᵘ) (Hendrycks and
    // Gimpel, 2016).
    let exponent =
      function == .swish ? Part.zero - x : (x * x * x * 0.044_715 + x) * 0.797_884_561 * -2
    return x / (exponential(exponent) + 1)
  }
}
