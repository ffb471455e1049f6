import SwiftletArena
import SwiftletPlatform

/// One entry of the tensor table: what a tensor is, and where its data lie in the file.
public struct Tensor: Sendable {
  /// How the elements are stored.
  public enum Element: UInt16, Sendable {
    /// Little-endian float32, row after row.
    case float32 = 1
    /// Tiles of int8 with scales; see FORMAT.md.
    case int8 = 2
  }

  /// The tensor's name.
  public var name: TensorName
  /// How the elements are stored.
  public var element: Element
  /// Rows: outputs of a matrix; 2 (gain, bias) for a norm; 1 for a vector.
  public var rows: Int
  /// Columns: inputs of a matrix.
  public var columns: Int
  /// Inputs that share a scale: 64 or 32; 0 for one scale a row.
  public var group: Int
  /// Whether inputs are quantised with an offset.
  public var usesOffset: Bool
  /// Whether inputs are quantised in two parts, the second for what the first leaves off.
  public var refinesInputs: Bool
  /// The file offset of tiles or floats.
  public var data: UInt64
  /// The file offset of scales.
  public var scales: UInt64
  /// The file offset of rows' sums, where scales are per row.
  public var sums: UInt64
  /// The file offset of the bias; 0 for none.
  public var bias: UInt64
  /// The file offset of what inputs are multiplied by, and what is added then, before they are quantised; 0 for none.
  public var inputs: UInt64

  /// The size of an entry in bytes.
  public static let byteCount = 64

  /// A tensor whose data have no place yet.
  public init(_ name: TensorName, _ element: Element, rows: Int, columns: Int) {
    self.name = name
    self.element = element
    self.rows = rows
    self.columns = columns
    group = 0
    usesOffset = false
    refinesInputs = false
    data = 0
    scales = 0
    sums = 0
    bias = 0
    inputs = 0
  }

  /// Rows with padding to whole tiles.
  public var paddedRows: Int { (rows + 15) & -16 }
  /// Columns with padding to whole blocks or groups.
  public var paddedColumns: Int {
    let multiple = group == 0 ? 4 : group
    return (columns + multiple - 1) / multiple * multiple
  }
  /// The flags of its entry.
  public var flags: Int { (usesOffset ? 1 : 0) + (refinesInputs ? 2 : 0) }
  /// Scales in a row.
  public var groups: Int { group == 0 ? 1 : paddedColumns / group }

  /// The sizes in bytes of data, scales, sums and bias. Products can't overflow for numbers in range.
  public var dataSize: Int { element == .float32 ? 4 * rows * columns : paddedRows * paddedColumns }
  /// The size of the scales in bytes.
  public var scalesSize: Int {
    element == .float32 ? 0 : (group == 0 ? 4 * paddedRows : 2 * paddedRows * groups)
  }
  /// The size of the sums in bytes.
  public var sumsSize: Int { element == .int8 && group == 0 ? 4 * paddedRows : 0 }
  /// The size of a bias in bytes.
  public var biasSize: Int { 4 * paddedRows }
  /// The size of the inputs' factors and shifts in bytes. Only matrices with groups have them.
  public var inputsSize: Int { element == .int8 && group != 0 ? 4 * paddedColumns : 0 }
}

extension Tensor {
  /// Reads the entry at `index` of the table and checks it against `expected` and the data section.
  init(
    _ table: UnsafeRawBufferPointer, index: Int, expected: Tensor, within section: Range<UInt64>
  ) throws(ModelFileError) {
    let start = index * Self.byteCount
    func half(_ offset: Int) -> UInt16 { unsafe table.littleEndian(at: start + offset, as: UInt16.self) }
    func word(_ offset: Int) -> UInt32 { unsafe table.littleEndian(at: start + offset, as: UInt32.self) }
    func long(_ offset: Int) -> UInt64 { unsafe table.littleEndian(at: start + offset, as: UInt64.self) }
    let name = expected.name
    guard half(0) == name.stack.rawValue, Int(half(2)) == name.layer, half(4) == name.part.rawValue else {
      throw .wrongTensor(index: index, expected: name)
    }
    try Self.check(name, "element type", UInt64(half(6)), UInt64(expected.element.rawValue))
    try Self.check(name, "rows", UInt64(word(8)), UInt64(expected.rows))
    try Self.check(name, "columns", UInt64(word(12)), UInt64(expected.columns))
    self = expected
    let group = word(16)
    guard group == 0 || (element == .int8 && (group == 64 || group == 32)) else {
      throw .tensor(value: UInt64(group), expected: 64, "group", name)
    }
    self.group = Int(group)
    guard word(20) <= (element == .int8 ? 3 : 0) else {
      throw .tensor(value: UInt64(word(20)), expected: 0, "flags", name)
    }
    usesOffset = word(20) & 1 != 0
    refinesInputs = word(20) & 2 != 0
    // No size is more than 4 bytes a cell, so that none overflows a 32-bit processor's word.
    let cells = UInt64(paddedRows) * UInt64(paddedColumns)
    guard cells <= UInt64(Int.max / 4) else {
      throw .tensorPlace(offset: long(24), size: cells, "data", name)
    }
    data = try Self.place(name, "data", long(24), dataSize, section)
    scales = try Self.place(name, "scales", long(32), scalesSize, section)
    sums = try Self.place(name, "sums", long(40), sumsSize, section)
    bias = try Self.place(
      name, "bias", long(48), long(48) == 0 || element == .float32 ? 0 : biasSize, section)
    inputs = try Self.place(name, "inputs", long(56), long(56) == 0 ? 0 : inputsSize, section)
  }

  private static func check(
    _ name: TensorName, _ property: StaticText, _ value: UInt64, _ expected: UInt64
  ) throws(ModelFileError) {
    guard value == expected else { throw .tensor(value: value, expected: expected, property, name) }
  }

  /// The offset, if `size` bytes from it lie in the section at a multiple of 64, or 0 for no bytes.
  private static func place(
    _ name: TensorName, _ property: StaticText, _ offset: UInt64, _ size: Int, _ section: Range<UInt64>
  ) throws(ModelFileError) -> UInt64 {
    if size == 0 {
      try check(name, property, offset, 0)
      return 0
    }
    let (end, overflow) = offset.addingReportingOverflow(UInt64(size))
    guard !overflow, offset % 64 == 0, offset >= section.lowerBound, end <= section.upperBound else {
      throw .tensorPlace(offset: offset, size: UInt64(size), property, name)
    }
    return offset
  }
}
