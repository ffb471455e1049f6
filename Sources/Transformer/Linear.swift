import SwiftletArena
import SwiftletKernels
import SwiftletThreads

extension Workspace {
  /// Y = activation(X Wᵀ + b) for `count` tokens at `input`, in rows of `stride` (by default without padding); Y in
  /// rows of `weights.outputStride`. With `tiles` only these, one after the other. Not inlined: every layer has several.
  @inline(never)
  mutating func linear(
    _ weights: LinearWeights, _ input: UnsafePointer<Float>, stride: Int? = nil, count: Int,
    into output: UnsafeMutablePointer<Float>, activation: Activation = .none, tiles: ListedTiles? = nil
  ) {
    unsafe withUnsafePointer(to: kernels) { kernels in
      let rows = quantizedRows
      unsafe threads.share(
        Quantization(
          kernels: kernels, source: input, stride: stride ?? weights.columns, count: count, weights: weights,
          rows: rows))
      unsafe threads.share(
        Product(
          kernels: kernels, weights: weights, tiles: tiles ?? ListedTiles(count: weights.paddedRows / 16),
          rows: rows, count: count, output: output, activation: activation))
    }
  }

  /// Where activations are quantised to.
  private var quantizedRows: QuantizedRows {
    unsafe QuantizedRows(values: quantized.pointer, scales: scales.pointer, zeroPoints: zeroPoints.pointer)
  }
}

/// Tokens to quantise: each thread takes some tokens.
@safe private struct Quantization: SizedWork {
  let kernels: UnsafePointer<KernelSet>
  let source: UnsafePointer<Float>
  let stride: Int
  let count: Int
  let weights: LinearWeights
  let rows: QuantizedRows

  var size: Int { count &* weights.columns &* 4 }

  func run(_ share: Share) {
    let tokens = share.range(of: count)
    guard !tokens.isEmpty else { return }
    let start = tokens.lowerBound
    unsafe kernels.pointee.quantize(
      source + start * stride, stride, tokens.count, weights, rows.advanced(by: start, for: weights))
  }

  static var entry: SharedEntry { { unsafe $0.load(as: Self.self).run(Share($1, of: $2)) } }
}

/// The tiles of rows that a product computes: the first `count`, or those of a list.
@safe struct ListedTiles: BitwiseCopyable {
  var list: UnsafePointer<UInt32>?
  let count: Int
}

/// A product: each thread takes some tiles of rows.
@safe private struct Product: SizedWork {
  let kernels: UnsafePointer<KernelSet>
  let weights: LinearWeights
  let tiles: ListedTiles
  let rows: QuantizedRows
  let count: Int
  let output: UnsafeMutablePointer<Float>
  let activation: Activation

  var size: Int { 16 &* tiles.count &* weights.paddedColumns &* ((count &+ 7) / 8) }

  func run(_ share: Share) {
    // Two tiles at a time, as the kernels take them.
    let places = share.range(of: tiles.count, grain: 2)
    guard !places.isEmpty else { return }
    unsafe kernels.pointee.product(
      weights, rows, count, TileSelection(places, of: tiles.list), output, weights.outputStride, activation)
  }

  static var entry: SharedEntry { { unsafe $0.load(as: Self.self).run(Share($1, of: $2)) } }
}
