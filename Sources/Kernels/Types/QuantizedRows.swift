/// Activations as int8: `rows` tokens × `columns`, quantised for a product with a weight matrix.
///
/// Per token and group: x ≈ mid + scale · q with q in [−127, 127]. Each kernel set may store q in its own way
/// (AVX-512 stores q + 128), so rows are read only by the set that wrote them.
public struct QuantizedRows: BitwiseCopyable, @unchecked Sendable {
  /// The quantised values: `[rows][columns]`.
  public let values: UnsafeMutablePointer<Int8>
  /// The scales: `[rows][groups]`.
  public let scales: UnsafeMutablePointer<Float>
  /// The middles: `[rows][groups]`; 0 where no offset is used.
  public let middles: UnsafeMutablePointer<Float>

  /// A view of the three arrays, large enough for the rows and matrices that it will be used with.
  @inlinable
  public init(
    values: UnsafeMutablePointer<Int8>, scales: UnsafeMutablePointer<Float>,
    middles: UnsafeMutablePointer<Float>
  ) {
    self.values = values
    self.scales = scales
    self.middles = middles
  }

}
