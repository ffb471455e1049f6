/// Activations as int8: `rows` tokens × `columns`, quantised for a product with a weight matrix.
///
/// Per token and group: x ≈ scale · (q + zero point), q and zero point in [−127, 127]. Where inputs have two parts, a
/// group's second follows it, with values, a scale and a zero point (0) of its own: it is what the first has left off,
/// so that x ≈ first + second, with 16 bits. Each kernel set may shift q and zero points in its own way (VNNI stores
/// q + 128 and zero point − 128), so rows are read only by the set that wrote them.
@safe public struct QuantizedRows: BitwiseCopyable, @unchecked Sendable {
  /// The quantised values: `[rows]` of the matrix's `inputStride`, each `[groups][parts][groupSize]`.
  public let values: UnsafeMutablePointer<Int8>
  /// The scales: `[rows][groups][parts]`.
  public let scales: UnsafeMutablePointer<Float>
  /// The zero points: `[rows][groups][parts]`.
  public let zeroPoints: UnsafeMutablePointer<Int32>

  /// A view of the three arrays, large enough for the rows and matrices that it will be used with.
  @inlinable
  public init(
    values: UnsafeMutablePointer<Int8>, scales: UnsafeMutablePointer<Float>,
    zeroPoints: UnsafeMutablePointer<Int32>
  ) {
    unsafe self.values = values
    unsafe self.scales = scales
    unsafe self.zeroPoints = zeroPoints
  }

  /// The rows from `token` on.
  @inlinable
  public func advanced(by token: Int, for weights: LinearWeights) -> QuantizedRows {
    unsafe QuantizedRows(
      values: values + token &* weights.inputStride, scales: scales + token &* weights.inputGroups,
      zeroPoints: zeroPoints + token &* weights.inputGroups)
  }
}
