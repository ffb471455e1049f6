import SwiftletKernels

// Without vector registers, code for 16 lanes is there 16 times; with SSSE3's, which few processors still choose, four
// times. What is long, and not the same few additions, is computed of four lanes at a time, in a loop: the same bits,
// from a fraction of the code.

/// Four floats.
typealias Part = SIMD4<Float>

extension SIMD4 where Scalar == Float {
  /// Lane by lane, `other` where it is larger, else this.
  @inline(__always)
  func maximum(_ other: Part) -> Part { larger(self, other) }

  /// Lane by lane, `other` where it is smaller, else this.
  @inline(__always)
  func minimum(_ other: Part) -> Part { replacing(with: other, where: other .< self) }
}

/// What `function` gives for each quarter of the lanes.
@inline(__always)
private func quarters(of x: Lanes, _ function: (Part) -> Part) -> Lanes {
  var lanes = x
  unsafe withUnsafeMutableBytes(of: &lanes) { bytes in
    let quarters = unsafe bytes.assumingMemoryBound(to: Part.self)
    for index in 0..<4 { unsafe quarters[index] = unsafe function(quarters[index]) }
  }
  return lanes
}

/// eˣ of 16 lanes: see the function of four.
@inline(never)
package func exponential(_ x: Lanes) -> Lanes { quarters(of: x, exponentialQuarter) }

@inline(never)
private func exponentialQuarter(_ x: Part) -> Part { exponential(x) }

/// erf of 16 lanes: see the function of four.
@inline(never)
package func errorFunction(_ x: Lanes) -> Lanes { quarters(of: x) { errorFunction($0) } }

/// tanh of 16 lanes: see the function of four.
@inline(never)
package func hyperbolicTangent(_ x: Lanes) -> Lanes { quarters(of: x) { hyperbolicTangent($0) } }

/// sin and cos of 16 lanes: see the function of four.
@inline(never)
package func sineAndCosine(_ x: Lanes) -> (sine: Lanes, cosine: Lanes) {
  (quarters(of: x) { sineAndCosine($0).sine }, quarters(of: x) { sineAndCosine($0).cosine })
}

/// An activation of 16 lanes: see the function of four.
@inline(never)
func applied(_ function: PointwiseFunction, to x: Lanes) -> Lanes {
  quarters(of: x) { applied(function, to: $0) }
}
