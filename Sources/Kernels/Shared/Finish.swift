import SwiftletKernels

/// A sum with its bias, after the activation.
@inline(__always)
func finished(_ y: Lanes, _ activation: Activation) -> Lanes {
  switch activation {
  case .none: y
  case .relu: y.maximum(Lanes.zero)
  }
}
