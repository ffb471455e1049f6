/// A tensor in a mapped file: a name, a shape, and numbers that are read row by row.
///
/// A row is one index of the first dimension, with all that it holds: of shape [6001, 256] there are 6001 rows
/// of 256 numbers; of shape [256], 256 rows of one number.
public struct SourceTensor: Sendable {
  /// The name in the file.
  public let name: String
  /// The type of its numbers.
  public let type: ElementType
  /// The lengths of its dimensions, outermost first.
  public let shape: [Int]
  let source: MappedSource
  let bytes: Range<Int>
  /// Elements from one row, and from one column, to the next, in a matrix that is not stored row after row.
  let steps: (row: Int, column: Int)?
  /// What integers are divided by, to be weights.
  let divisor: Divisor?
  /// The name under which the numbers are stored, where `name` is another one for them.
  public let storedName: String

  /// What the integers of a quantised matrix are divided by.
  enum Divisor: Sendable {
    /// One number for all.
    case one(Float)
    /// A float32 for each row: where they lie in the file.
    case rows(Range<Int>)
  }

  init(
    name: String, type: ElementType, shape: [Int], source: MappedSource, bytes: Range<Int>,
    steps: (row: Int, column: Int)? = nil, divisor: Divisor? = nil, storedName: String? = nil
  ) {
    self.name = name
    self.type = type
    self.shape = shape
    self.source = source
    self.bytes = bytes
    self.steps = steps
    self.divisor = divisor
    self.storedName = storedName ?? name
  }

  /// Whether the numbers can be read as Float: floats, and integers with what they are divided by.
  public var isReadable: Bool { type.isReadable || divisor != nil }
  /// Whether another tensor has the same bytes of the same file.
  public func isSame(as other: SourceTensor) -> Bool {
    file == other.file && bytes == other.bytes && shape == other.shape
  }
  /// The file that holds the tensor.
  public var file: String { source.path }
  /// The size in the file.
  public var byteCount: Int { bytes.count }
  /// How many numbers there are.
  public var count: Int { shape.reduce(1, *) }
  /// How many rows there are: 1 for a scalar.
  public var rowCount: Int { shape.first ?? 1 }
  /// Numbers in a row.
  public var rowLength: Int { shape.dropFirst().reduce(1, *) }

  /// Reads some rows: `rows.count` × `rowLength` numbers.
  ///
  /// - Throws: `SourceError.tensors` if the type can't be read, or a row is outside of the tensor.
  public func floats(rows: Range<Int>) throws(SourceError) -> [Float] {
    try check(rows)
    var values = [Float](repeating: 0, count: rows.count * rowLength)
    unsafe try values.withUnsafeMutableBufferPointer { (buffer) throws(SourceError) in
      unsafe try fill(buffer, rows: rows)
    }
    return values
  }

  /// Reads the whole tensor, row by row.
  public func floats() throws(SourceError) -> [Float] { try floats(rows: 0..<rowCount) }

  /// Reads some rows into memory of exactly `rows.count` × `rowLength` numbers.
  ///
  /// - Throws: `SourceError.tensors` if the type can't be read, a row is outside, or the memory's size is wrong;
  ///   `.changed` if the file was changed meanwhile.
  public func fill(_ values: UnsafeMutableBufferPointer<Float>, rows: Range<Int>) throws(SourceError) {
    try check(rows)
    let needed = rows.count * rowLength
    guard values.count == needed else { throw error(.capacity(given: values.count, needed: needed)) }
    unsafe read(rows: rows, columns: 0..<rowLength, into: values)
    try source.checkUnchanged()
  }

  /// The same numbers in the same order under another shape of the same count.
  ///
  /// - Throws: `SourceError.tensors` if they are not stored in that order, or are integers with scales.
  public func reshaped(_ shape: [Int]) throws(SourceError) -> SourceTensor {
    precondition(shape.reduce(1, *) == count, "\(shape) has another count than \(self.shape)")
    guard steps == nil, divisor == nil else { throw error(.notPlain) }
    return SourceTensor(name: name, type: type, shape: shape, source: source, bytes: bytes)
  }

  /// Reads some columns, each as a row: `columns.count` × `rowCount` numbers.
  ///
  /// - Throws: `SourceError.tensors` if the type can't be read. `columns` must lie within the rows.
  public func transposedFloats(columns: Range<Int>) throws(SourceError) -> [Float] {
    try check(0..<rowCount)
    precondition(columns.lowerBound >= 0 && columns.upperBound <= rowLength, "columns lie within the rows")
    var block = [Float](repeating: 0, count: rowCount * columns.count)
    unsafe block.withUnsafeMutableBufferPointer {
      unsafe read(rows: 0..<rowCount, columns: columns, into: $0)
    }
    try source.checkUnchanged()
    return columns.indices.flatMap { column in
      (0..<rowCount).map { block[$0 * columns.count + column - columns.lowerBound] }
    }
  }

  /// Reads some rows, none of whose numbers may be NaN or infinite.
  ///
  /// - Throws: as `floats`, and with the first number that is.
  public func finiteFloats(rows: Range<Int>) throws(SourceError) -> [Float] {
    let values = try floats(rows: rows)
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw error(.notFinite(values[place], index: rows.lowerBound * rowLength + place))
    }
    return values
  }

  /// Gives the memory of the tensor's pages back; reading it again works as before.
  public func release() { source.release(bytes) }

  /// An error about this tensor.
  public func error(_ problem: TensorError.Problem) -> SourceError {
    .tensors(TensorError(file: file, tensor: name, problem: problem))
  }

  private func check(_ rows: Range<Int>) throws(SourceError) {
    guard isReadable else { throw error(.type(type)) }
    guard rows.lowerBound >= 0, rows.upperBound <= rowCount else {
      throw error(.rows(rows, count: rowCount))
    }
  }
}
