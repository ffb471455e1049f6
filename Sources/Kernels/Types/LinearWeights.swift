/// An int8 weight matrix with its scales and bias, as it lies in the mapped file: W of `rows` × `columns`
/// (outputs × inputs).
///
/// - Tiles: `[paddedRows/16][paddedColumns/4][16][4]` int8 in [−127, 127], zeros as padding: one 64-byte block
///   holds 4 inputs of 16 rows.
/// - Scales: one float32 a row, or one bfloat16 for a row's group of 64 or 32 inputs:
///   `[paddedRows/16][groups][16]`.
/// - Sums: Σw over a whole row as int32 `[paddedRows]`, where scales are per row.
/// - Bias: float32 `[paddedRows]`, or none.
/// - Inputs: bfloat16 `[2][paddedColumns]`, or none: each input is multiplied by its factor, and its shift is added,
///   before it is quantised. Zeros as padding. Only where scales are per group.
///
/// A view: whoever makes it has checked that all of it lies in the file, and keeps the file mapped.
@safe public struct LinearWeights: BitwiseCopyable, @unchecked Sendable {
  /// The outputs' count.
  public let rows: Int
  /// The inputs' count.
  public let columns: Int
  /// Inputs that share a scale: 64 or 32, or all (then it is `paddedColumns`).
  public let groupSize: Int
  /// Whether scales are per row (float32) or per group (bfloat16).
  public let scalesPerRow: Bool
  /// Whether the inputs are quantised with an offset (see `QuantizedRows`).
  public let usesOffset: Bool
  /// How many int8 numbers stand for an input: 2 where the second tells what the first has left off (see
  /// `QuantizedRows`), else 1.
  public let inputParts: Int
  /// `rows` rounded up to whole tiles of 16.
  public let paddedRows: Int
  /// `columns` rounded up to whole blocks of 4, or whole groups.
  public let paddedColumns: Int
  /// The count of groups in a row.
  public let groups: Int
  /// The int8 tiles.
  public let tiles: UnsafePointer<Int8>
  /// The scales.
  public let scales: UnsafeRawPointer
  /// Σw of each row, where scales are per row.
  public let sums: UnsafePointer<Int32>?
  /// The bias, where there is one.
  public let bias: UnsafePointer<Float>?
  /// Factors of the inputs, then their shifts, where there are some.
  public let inputs: UnsafePointer<UInt16>?

  /// A view of a matrix; see the type for the layouts.
  @inlinable
  public init(
    rows: Int, columns: Int, group: Int, usesOffset: Bool, inputParts: Int = 1, tiles: UnsafePointer<Int8>,
    scales: UnsafeRawPointer, sums: UnsafePointer<Int32>?, bias: UnsafePointer<Float>?,
    inputs: UnsafePointer<UInt16>? = nil
  ) {
    self.rows = rows
    self.columns = columns
    scalesPerRow = group == 0
    groupSize = group == 0 ? roundUp(columns, to: 4) : group
    groups = group == 0 ? 1 : (columns &+ group &- 1) / group
    paddedRows = roundUp(rows, to: 16)
    paddedColumns = groups &* groupSize
    self.usesOffset = usesOffset
    self.inputParts = inputParts
    unsafe self.tiles = tiles
    unsafe self.scales = scales
    unsafe self.sums = sums
    unsafe self.bias = bias
    unsafe self.inputs = inputs
  }
}

extension LinearWeights {
  /// The bytes from one token's quantised inputs to the next's.
  ///
  /// Both strides are a line longer than a row: rows whose length is a power of two would all lie in the same few
  /// sets of a cache.
  @inlinable public var inputStride: Int { roundUp(paddedColumns &* inputParts, to: 64) &+ 64 }
  /// The groups of one token's quantised inputs: those of a row, each with its parts.
  @inlinable public var inputGroups: Int { groups &* inputParts }
  /// The group of weights that meets the part at `place` of a token's quantised inputs.
  @inlinable public func group(at place: Int) -> Int { place &>> (inputParts &- 1) }
  /// The floats from one token's outputs to the next's, where all rows are computed.
  @inlinable public var outputStride: Int { paddedRows &+ 16 }
}

/// `count` rounded up to a multiple of `multiple`, a power of two.
@inlinable
public func roundUp(_ count: Int, to multiple: Int) -> Int { (count &+ multiple &- 1) & (0 &- multiple) }

/// The lanes of a vector: buffers and rows are padded to a multiple of it.
public let laneCount = 16
