import SwiftletKernels

/// A sum with its bias, after the activation.
@inline(__always)
func finished(_ y: Lanes, _ activation: Activation) -> Lanes {
  switch activation {
  case .none: y
  case .relu: y.maximum(Lanes.zero)
  case .swish: swish(y)
  }
}

/// x / (1 + e⁻ˣ), lane by lane.
@inline(__always)
func swish(_ x: Lanes) -> Lanes { x / (exponential(Lanes.zero - x) + 1) }
