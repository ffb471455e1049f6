import SwiftletSources

/// Where the numbers of one runtime tensor come from, some rows at a time.
public protocol RowSource: Sendable {
  /// How many rows there are.
  var rowCount: Int { get }

  /// Names the numbers: sources of one name have the same rows, which are then stored once. nil: like no other.
  var identity: String? { get }

  /// The rows `rows`, one after the other.
  ///
  /// - Throws: `SourceError` if they can't be read, or one is NaN or infinite.
  func floats(rows: Range<Int>) throws(SourceError) -> [Float]

  /// The rows as the source has quantised them itself, to be taken over; nil if it has not.
  ///
  /// - Throws: as `floats`.
  func quantized(rows: Range<Int>) throws(SourceError) -> QuantizedRows?

  /// Gives memory back that was read so far.
  func release()
}

/// Rows of int8 with a scale each: a weight is integer · scale.
public struct QuantizedRows: Sendable {
  /// Row after row.
  public var values: [Int8]
  /// The scale of each row.
  public var scales: [Float]
}

extension RowSource {
  /// Most sources have floats alone.
  public func quantized(rows: Range<Int>) throws(SourceError) -> QuantizedRows? { nil }

  /// All rows.
  public func floats() throws(SourceError) -> [Float] { try floats(rows: 0..<rowCount) }
}

/// One tensor of the runtime: its rows, and a bias where it is a projection that has one.
public struct ImportedTensor: Sendable {
  /// The rows.
  public let rows: any RowSource
  /// As many rows of one number each.
  public let bias: (any RowSource)?

  /// A tensor.
  public init(_ rows: any RowSource, bias: (any RowSource)? = nil) {
    self.rows = rows
    self.bias = bias
  }
}

/// Numbers that were computed.
public struct ComputedRows: RowSource {
  private let values: [Float]
  private let length: Int

  /// Rows of `length` numbers each.
  public init(_ values: [Float], length: Int) {
    precondition(length > 0 && values.count % length == 0, "\(values.count) numbers in rows of \(length)")
    self.values = values
    self.length = length
  }

  /// One row.
  public init(_ row: [Float]) { self.init(row, length: row.count) }

  /// See ``RowSource``.
  public var rowCount: Int { values.count / length }
  /// None: they are like no other.
  public var identity: String? { nil }
  /// See ``RowSource``.
  public func floats(rows: Range<Int>) -> [Float] {
    Array(values[rows.lowerBound * length..<rows.upperBound * length])
  }
  /// Nothing was read.
  public func release() {}
}

/// The rows of a stored tensor, all or some, in an order of their own.
public struct StoredRows: RowSource {
  private let tensor: SourceTensor
  /// The place in the tensor of each row; nil for those from `first` on.
  private let places: [Int]?
  private let first: Int
  /// See ``RowSource``.
  public let rowCount: Int

  /// `count` rows behind the first `skipped`, or all of those.
  public init(_ tensor: SourceTensor, skipping skipped: Int = 0, count: Int? = nil) {
    self.tensor = tensor
    places = nil
    first = skipped
    rowCount = count ?? tensor.rowCount - skipped
  }

  /// The rows at these places.
  public init(_ tensor: SourceTensor, places: [Int]) {
    self.tensor = tensor
    self.places = places
    first = 0
    rowCount = places.count
  }

  /// The file, the tensor, the order.
  public var identity: String? {
    let order = places.map { "\($0)" } ?? "\(first) +\(rowCount)"
    return "\(tensor.file)#\(tensor.storedName)#\(order)"
  }

  /// See ``RowSource``.
  public func floats(rows: Range<Int>) throws(SourceError) -> [Float] {
    guard let places else {
      return try tensor.finiteFloats(rows: rows.lowerBound + first..<rows.upperBound + first)
    }
    var result: [Float] = []
    result.reserveCapacity(rows.count * tensor.rowLength)
    for row in rows { result += try tensor.finiteFloats(rows: places[row]..<places[row] + 1) }
    return result
  }

  /// See ``RowSource``.
  public func quantized(rows: Range<Int>) throws(SourceError) -> QuantizedRows? {
    guard tensor.hasQuantizedRows else { return nil }
    var result = QuantizedRows(values: [], scales: [])
    for row in rows {
      let place = places?[row] ?? row + first
      let (values, scales) = try tensor.quantized(rows: place..<place + 1)
      guard scales[0].isFinite, !values.contains(-128) else { return nil }
      result.values += values
      result.scales += scales
    }
    return result
  }

  /// See ``RowSource``.
  public func release() { tensor.release() }
}

/// The columns of a stored matrix as rows.
struct StoredColumns: RowSource {
  let tensor: SourceTensor
  var rowCount: Int { tensor.rowLength }
  var identity: String? { "\(tensor.file)#\(tensor.storedName)#columns" }

  func floats(rows: Range<Int>) throws(SourceError) -> [Float] {
    let values = try tensor.transposedFloats(columns: rows)
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      let (column, row) = (rows.lowerBound + place / tensor.rowCount, place % tensor.rowCount)
      throw tensor.error(.notFinite(values[place], index: row * tensor.rowLength + column))
    }
    return values
  }

  func release() { tensor.release() }
}

/// Sources one above the other.
struct StackedRows: RowSource {
  let parts: [any RowSource]

  var rowCount: Int { parts.reduce(0) { $0 + $1.rowCount } }
  var identity: String? {
    let names = parts.compactMap(\.identity)
    return names.count == parts.count ? names.joined(separator: "\n") : nil
  }

  func floats(rows: Range<Int>) throws(SourceError) -> [Float] {
    var result: [Float] = []
    var first = 0
    for part in parts {
      let mine = rows.clamped(to: first..<first + part.rowCount)
      if !mine.isEmpty { result += try part.floats(rows: mine.lowerBound - first..<mine.upperBound - first) }
      first += part.rowCount
    }
    return result
  }

  func quantized(rows: Range<Int>) throws(SourceError) -> QuantizedRows? {
    var result = QuantizedRows(values: [], scales: [])
    var first = 0
    for part in parts {
      let mine = rows.clamped(to: first..<first + part.rowCount)
      if !mine.isEmpty {
        let range = mine.lowerBound - first..<mine.upperBound - first
        guard let next = try part.quantized(rows: range) else { return nil }
        result.values += next.values
        result.scales += next.scales
      }
      first += part.rowCount
    }
    return result
  }

  func release() { for part in parts { part.release() } }
}

/// Rows whose numbers are multiplied by a factor.
struct ScaledRows: RowSource {
  let base: any RowSource
  let factor: Float

  var rowCount: Int { base.rowCount }
  var identity: String? { base.identity.map { "\(factor) × \($0)" } }
  func floats(rows: Range<Int>) throws(SourceError) -> [Float] {
    try base.floats(rows: rows).map { $0 * factor }
  }
  func release() { base.release() }
}
