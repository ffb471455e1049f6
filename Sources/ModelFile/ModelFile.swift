import SwiftletPlatform

/// A `.swiftlet` file, opened and checked as a whole: every size, offset and index that the runtime will trust.
///
/// Opening maps the file, reads it for its checksum and its weights for their range, and copies nothing.
/// - Complexity: O(size of the file) to open.
public struct ModelFile: ~Copyable {
  /// What the model is made of.
  public let architecture: Architecture
  /// What its makers set for decoding.
  public let decoding: DecodingDefaults
  private let file: MappedFile
  private let directory: Directory

  /// Opens the file at `path`, a NUL-terminated name, and keeps its bytes where `placement` says.
  public init(path: UnsafePointer<CChar>, _ placement: FilePlacement = .mapped) throws(ModelFileError) {
    unsafe try self.init(try Self.map(path, placement))
  }

  /// Opens a file that is mapped, or lies in memory at a multiple of 64 bytes.
  public init(_ file: consuming MappedFile) throws(ModelFileError) {
    let header = try unsafe Header(file.bytes)
    let directory = try unsafe Directory(file.bytes, count: header.sections)
    let place = directory[.architecture]
    try Self.checkSize(place, Architecture.byteCount, .architecture)
    let architecture = try unsafe Architecture(
      UnsafeRawBufferPointer(rebasing: file.bytes[place]), at: place.lowerBound)
    let defaults = directory[.decoding]
    try Self.checkSize(defaults, DecodingDefaults.byteCount, .decoding)
    let decoding = try unsafe DecodingDefaults(
      UnsafeRawBufferPointer(rebasing: file.bytes[defaults]), at: defaults.lowerBound,
      architecture: architecture)
    try Self.checkSize(
      directory[.tensorTable], TensorList(architecture).count * Tensor.byteCount, .tensorTable)
    let list = TensorList(architecture)
    for index in 0..<list.count {
      try unsafe Self.tensor(at: index, list, file.bytes, directory).checkWeights(file.bytes)
    }
    self.architecture = architecture
    self.decoding = decoding
    self.file = file
    self.directory = directory
  }

  /// The whole file.
  public var bytes: UnsafeRawBufferPointer { unsafe file.bytes }

  /// How many tensors there are.
  public var tensorCount: Int { TensorList(architecture).count }

  /// The bytes of a section, valid as long as this value lives.
  public func section(_ kind: SectionKind) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: file.bytes[directory[kind]])
  }

  /// Whether one tokenizer serves source and target.
  public var sharesTokenizer: Bool { directory[.sourceTokenizer] == directory[.targetTokenizer] }

  /// Where the tensors' data lie in the file.
  public var tensorData: Range<Int> { directory[.tensorData] }

  /// The tensor at `index` of the table: read and checked anew, since another process may have changed the file.
  public func tensor(at index: Int) throws(ModelFileError) -> Tensor {
    try unsafe Self.tensor(at: index, TensorList(architecture), file.bytes, directory)
  }

  @inline(never)
  private static func tensor(
    at index: Int, _ list: TensorList, _ file: UnsafeRawBufferPointer, _ directory: Directory
  ) throws(ModelFileError) -> Tensor {
    let data = directory[.tensorData]
    let tensor = try unsafe Tensor(
      UnsafeRawBufferPointer(rebasing: file[directory[.tensorTable]]), index: index, expected: list[index],
      within: UInt64(data.lowerBound)..<UInt64(data.upperBound))
    guard !tensor.refinesInputs || list.architecture.refinesInputs(ofColumns: tensor.columns) else {
      throw .tensor(value: UInt64(tensor.flags), expected: 1, "flags", tensor.name)
    }
    return tensor
  }

  private static func map(
    _ path: UnsafePointer<CChar>, _ placement: FilePlacement
  ) throws(ModelFileError) -> MappedFile {
    do { return try unsafe MappedFile(path: path, placement) } catch { throw .system(error) }
  }

  @inline(never)
  private static func checkSize(_ range: Range<Int>, _ size: Int, _ kind: SectionKind) throws(ModelFileError)
  {
    guard range.count == size else {
      throw .sectionSize(kind: Int(kind.rawValue), size: range.count, expected: size)
    }
  }
}
