import SwiftletKernels

/// Where a product's results go: `[count][stride]` floats, and what follows them.
@safe struct Target {
  let output: UnsafeMutablePointer<Float>
  let stride: Int
  let activation: Activation
}

/// Zeros `count` tokens' sums of the tile at `place`.
@inline(__always)
func clearTile(at place: Int, count: Int, _ target: Target) {
  var output = unsafe target.output + 16 &* place
  for _ in 0..<count {
    unsafe output.store(Lanes.zero, at: 0)
    unsafe output += target.stride
  }
}

/// Adds the bias and applies the activation to `count` tokens' sums of the tile at `place`.
@inline(__always)
func finishTile(_ weights: LinearWeights, tile: Int, at place: Int, count: Int, _ target: Target) {
  let bias = unsafe weights.bias.map { unsafe $0.lanes(at: 16 &* tile) } ?? Lanes.zero
  var output = unsafe target.output + 16 &* place
  for _ in 0..<count {
    unsafe output.store(finished(UnsafePointer(output).lanes(at: 0) + bias, target.activation), at: 0)
    unsafe output += target.stride
  }
}
