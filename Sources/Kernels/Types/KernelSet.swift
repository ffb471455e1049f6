/// The kernels of one instruction set. All sets give the same bits; they differ in speed.
///
/// Pointers are not checked here: whoever calls has sized its buffers by the plan. The functions of the folder
/// `Shared` give shapes and formulas. None of the closures captures anything, so a set needs no heap.
@safe public struct KernelSet: Sendable {
  /// See `plainProduct` in the plain set.
  public typealias Product =
    @Sendable (
      _ weights: LinearWeights, _ activations: QuantizedRows, _ count: Int, _ tiles: TileSelection,
      _ output: UnsafeMutablePointer<Float>, _ stride: Int, _ activation: Activation
    ) -> Void
  /// See `quantizeRows`.
  public typealias Quantize =
    @Sendable (
      _ source: UnsafePointer<Float>, _ stride: Int, _ count: Int, _ weights: LinearWeights,
      _ rows: QuantizedRows, _ shift: Int32
    ) -> Void
  /// See `normalizeRows`.
  public typealias Normalize =
    @Sendable (
      _ input: UnsafePointer<Float>, _ count: Int, _ width: Int, _ gain: UnsafePointer<Float>,
      _ bias: UnsafePointer<Float>?, _ epsilon: Float, _ output: UnsafeMutablePointer<Float>
    ) -> Void
  /// See `addRows`.
  public typealias Add =
    @Sendable (
      _ y: UnsafePointer<Float>, _ stride: Int, _ x: UnsafeMutablePointer<Float>, _ count: Int, _ width: Int
    ) -> Void
  /// See `embedRow`.
  public typealias Embed =
    @Sendable (
      _ table: LinearWeights, _ token: Int, _ scale: Float, _ adds: Bool,
      _ output: UnsafeMutablePointer<Float>
    ) -> Void
  /// See `addPosition`.
  public typealias Position =
    @Sendable (
      _ position: Int, _ frequencies: UnsafePointer<Float>, _ layout: PositionLayout, _ width: Int,
      _ x: UnsafeMutablePointer<Float>
    ) -> Void
  /// See `activateRows`.
  public typealias Activate =
    @Sendable (
      _ x: UnsafeMutablePointer<Float>, _ stride: Int, _ count: Int, _ width: Int,
      _ function: PointwiseFunction, _ isGated: Bool
    ) -> Void
  /// See `rotateHeads`.
  public typealias Rotate =
    @Sendable (
      _ x: UnsafeMutablePointer<Float>, _ heads: Int, _ headWidth: Int, _ frequencies: UnsafePointer<Float>,
      _ rotaryWidth: Int, _ position: Int
    ) -> Void
  /// See `rememberToken`.
  public typealias Remember =
    @Sendable (
      _ key: UnsafePointer<Float>, _ value: UnsafePointer<Float>, _ token: Int, _ cache: HeadCache
    ) -> Void
  /// See `attendRows`.
  public typealias Attend =
    @Sendable (
      _ queries: AttendingQueries, _ scale: Float, _ cache: HeadCache, _ keys: AttendedKeys,
      _ scratch: UnsafeMutablePointer<Float>
    ) -> Void
  /// See `likeliestIndex`.
  public typealias Likeliest =
    @Sendable (
      _ logits: UnsafePointer<Float>, _ count: Int
    ) -> Choice

  /// The instruction set's name, as `--kernel` takes it.
  public let name: StaticString
  /// See `plainProduct` in the plain set.
  public let product: Product
  /// What the product wants added to every quantised value.
  @usableFromInline let quantizationShift: Int32
  @usableFromInline let quantizeShifted: Quantize
  /// See `normalizeRows`.
  public let normalize: Normalize
  /// See `addRows`.
  public let add: Add
  /// See `embedRow`.
  public let embed: Embed
  /// See `addPosition`.
  public let position: Position
  /// See `activateRows`.
  public let activate: Activate
  /// See `rotateHeads`.
  public let rotate: Rotate
  /// See `rememberToken`.
  public let remember: Remember
  /// See `attendRows`.
  public let attend: Attend
  /// See `likeliestIndex`.
  public let likeliest: Likeliest

  /// A set of kernels.
  @inlinable @inline(__always)
  public init(
    name: StaticString, product: @escaping Product, quantizationShift: Int32, quantize: @escaping Quantize,
    normalize: @escaping Normalize, add: @escaping Add, embed: @escaping Embed, position: @escaping Position,
    activate: @escaping Activate, rotate: @escaping Rotate, remember: @escaping Remember,
    attend: @escaping Attend, likeliest: @escaping Likeliest
  ) {
    self.name = name
    unsafe self.product = product
    self.quantizationShift = quantizationShift
    unsafe quantizeShifted = quantize
    unsafe self.normalize = normalize
    unsafe self.add = add
    unsafe self.embed = embed
    unsafe self.position = position
    unsafe self.activate = activate
    unsafe self.rotate = rotate
    unsafe self.remember = remember
    unsafe self.attend = attend
    unsafe self.likeliest = likeliest
  }

  /// These kernels with the product of a newer instruction set, which gains nothing for the others: so they are there
  /// once.
  @inlinable @inline(__always)
  public func with(
    name: StaticString, quantizationShift: Int32, product: @escaping Product
  ) -> KernelSet {
    unsafe KernelSet(
      name: name, product: product, quantizationShift: quantizationShift, quantize: quantizeShifted,
      normalize: normalize, add: add, embed: embed, position: position, activate: activate, rotate: rotate,
      remember: remember, attend: attend, likeliest: likeliest)
  }

  /// These kernels with those that run once a token from an older instruction set, which is as good for them: so they
  /// are there once.
  @inlinable @inline(__always)
  public func with(rareKernelsOf older: KernelSet) -> KernelSet {
    unsafe KernelSet(
      name: name, product: product, quantizationShift: quantizationShift, quantize: quantizeShifted,
      normalize: normalize, add: add, embed: older.embed, position: older.position, activate: activate,
      rotate: older.rotate, remember: remember, attend: attend, likeliest: likeliest)
  }

  /// See `quantizeRows`.
  @inlinable
  public func quantize(
    _ source: UnsafePointer<Float>, _ stride: Int, _ count: Int, _ weights: LinearWeights,
    _ rows: QuantizedRows
  ) {
    unsafe quantizeShifted(source, stride, count, weights, rows, quantizationShift)
  }
}
