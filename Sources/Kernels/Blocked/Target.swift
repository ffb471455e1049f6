import SwiftletKernels

/// Where a product's results go: `[count][stride]` floats, and what follows them.
struct Target {
  let output: UnsafeMutablePointer<Float>
  let stride: Int
  let activation: Activation
}

/// Zeros `count` tokens' sums of the tile at `place`.
@inline(__always)
func clearTile(at place: Int, count: Int, _ target: Target) {
  var output = target.output + 16 &* place
  for _ in 0..<count {
    output.store(Lanes.zero, at: 0)
    output += target.stride
  }
}

/// Adds the bias and applies the activation to `count` tokens' sums of the tile at `place`.
@inline(__always)
func finishTile(_ weights: LinearWeights, tile: Int, at place: Int, count: Int, _ target: Target) {
  let bias = weights.bias.map { $0.lanes(at: 16 &* tile) } ?? Lanes.zero
  var output = target.output + 16 &* place
  for _ in 0..<count {
    output.store(finished(UnsafePointer(output).lanes(at: 0) + bias, target.activation), at: 0)
    output += target.stride
  }
}
