/// The kernels of one instruction set. All sets give the same bits; they differ in speed.
///
/// Pointers are not checked here: whoever calls has sized its buffers by the plan. The functions of the same
/// purpose in this module give shapes and formulas. None of the closures captures anything, so a set needs no
/// heap.
public struct KernelSet: Sendable {
  /// `plainProduct` and its likes: matrix, activations, count of tokens, output, its stride, activation.
  public typealias Product = @Sendable (
    _ weights: LinearWeights, _ activations: QuantizedRows, _ count: Int,
    _ output: UnsafeMutablePointer<Float>, _ stride: Int, _ activation: Activation
  ) -> Void

  /// The instruction set's name, as `--kernel` takes it.
  public let name: StaticString
  /// What `product` expects to be added to every quantised activation.
  public let zeroPoint: Int32
  /// See `plainProduct`.
  public let product: Product
  /// See `quantizeRows`; the last argument is `zeroPoint`.
  public let quantize:
    @Sendable (
      _ source: UnsafePointer<Float>, _ stride: Int, _ count: Int, _ weights: LinearWeights,
      _ rows: QuantizedRows, _ zeroPoint: Int32
    ) -> Void
  /// See `normalizeRows`.
  public let normalize:
    @Sendable (
      _ input: UnsafePointer<Float>, _ count: Int, _ width: Int, _ gain: UnsafePointer<Float>,
      _ bias: UnsafePointer<Float>, _ epsilon: Float, _ output: UnsafeMutablePointer<Float>
    ) -> Void
  /// See `addRows`.
  public let add:
    @Sendable (
      _ y: UnsafePointer<Float>, _ stride: Int, _ x: UnsafeMutablePointer<Float>, _ count: Int, _ width: Int
    ) -> Void
  /// See `embedRow`.
  public let embed:
    @Sendable (
      _ table: LinearWeights, _ token: Int, _ scale: Float, _ output: UnsafeMutablePointer<Float>
    ) -> Void
  /// See `addPosition`.
  public let position:
    @Sendable (
      _ position: Int, _ frequencies: UnsafePointer<Float>, _ layout: PositionLayout, _ width: Int,
      _ x: UnsafeMutablePointer<Float>
    ) -> Void
  /// See `rememberToken`.
  public let remember:
    @Sendable (_ key: UnsafePointer<Float>, _ value: UnsafePointer<Float>, _ token: Int, _ cache: HeadCache) ->
      Void
  /// See `attendOne`.
  public let attend:
    @Sendable (
      _ query: UnsafePointer<Float>, _ scale: Float, _ cache: HeadCache, _ count: Int,
      _ probabilities: UnsafeMutablePointer<Float>, _ output: UnsafeMutablePointer<Float>
    ) -> Void
  /// See `likeliestIndex`.
  public let likeliest: @Sendable (_ logits: UnsafePointer<Float>, _ count: Int) -> Choice
  /// See `logSumOfExponentials`.
  public let logSum: @Sendable (_ logits: UnsafePointer<Float>, _ count: Int) -> (largest: Float, logSum: Float)

  /// The kernels of a module: its own product, and the shared ones compiled with that module's flags.
  @_alwaysEmitIntoClient @inline(__always)
  public init(name: StaticString, zeroPoint: Int32, product: @escaping Product) {
    self.name = name
    self.zeroPoint = zeroPoint
    self.product = product
    quantize = {
      quantizeRows($0, stride: $1, count: $2, for: $3, into: $4, zeroPoint: $5)
    }
    normalize = {
      normalizeRows($0, count: $1, width: $2, gain: $3, bias: $4, epsilon: $5, into: $6)
    }
    add = { addRows($0, stride: $1, to: $2, count: $3, width: $4) }
    embed = { embedRow($0, token: $1, scale: $2, into: $3) }
    position = { addPosition($0, frequencies: $1, layout: $2, width: $3, to: $4) }
    remember = { rememberToken(key: $0, value: $1, token: $2, in: $3) }
    attend = {
      attendOne(query: $0, scale: $1, cache: $2, count: $3, probabilities: $4, output: $5)
    }
    likeliest = { likeliestIndex($0, count: $1) }
    logSum = { logSumOfExponentials($0, count: $1) }
  }
}

extension KernelSet {
  /// The plain reference, on every processor.
  public static let plain = KernelSet(name: "plain", zeroPoint: 0) {
    plainProduct($0, $1, count: $2, into: $3, stride: $4, activation: $5)
  }
}
