import SwiftletPlatform

/// Why a file is not a model that can be run.
public enum ModelFileError: Error, Sendable, Describable {
  /// The system refused to open or map it.
  case system(SystemError)
  /// It has no bytes.
  case empty
  /// It ends too early.
  case truncated(needed: Int, size: Int)
  /// It does not begin with the magic number.
  case notAModel
  /// A later program made it.
  case newer(version: Int, supported: Int)
  /// It was made by version 0, which was never released, or its version is damaged.
  case unknownVersion(Int)
  /// The size that the header states is not the file's.
  case wrongSize(stated: UInt64, actual: Int)
  /// Some byte has changed since it was written.
  case wrongChecksum(stated: UInt64, computed: UInt64)
  /// A byte that must be zero is not.
  case reserved(offset: Int)
  /// A number outside of its range.
  case field(StaticText, value: Int, most: Int, least: Int32)
  /// A float outside of its range.
  case floatField(StaticText, bits: UInt32)
  /// A section lies outside of the file, across another one, or not at a multiple of 64.
  case sectionPlace(kind: Int, offset: UInt64, size: UInt64)
  /// A section that this program must understand and doesn't.
  case unknownSection(kind: Int)
  /// Two sections of one kind.
  case repeatedSection(kind: Int)
  /// A section that every model has is not there.
  case missingSection(kind: Int)
  /// A section has another size than its content needs.
  case sectionSize(kind: Int, size: Int, expected: Int)
  /// A tensor is not the one that the architecture has at this place.
  case wrongTensor(index: Int, expected: TensorName)
  /// A property of a tensor is not what the architecture needs.
  case tensor(value: UInt64, expected: UInt64, StaticText, TensorName)
  /// A tensor's data lie outside of their section, or not at a multiple of 64.
  case tensorPlace(offset: UInt64, size: UInt64, StaticText, TensorName)
  /// A weight is −128.
  case weight(TensorName, offset: Int)

  /// Writes what is wrong, where, and the numbers.
  public func describe<Sink: ByteSink & ~Copyable>(to sink: inout Sink) {
    switch self {
    case .system(let error): error.describe(to: &sink)
    case .empty: sink.write("it is empty")
    case .truncated(let needed, let size):
      sink.write("it is cut short: ", needed, " bytes are needed, ", size, " are there")
    case .notAModel: sink.write("it is not a .swiftlet model (wrong magic number)")
    case .newer(let version, let supported):
      sink.write("it was made by format ", version, ", this program reads up to ", supported, "")
    case .unknownVersion(let version): sink.write("format ", version, " does not exist")
    case .wrongSize(let stated, let actual):
      sink.write("its header states ", stated, " bytes, it has ", actual, "")
    case .wrongChecksum(let stated, let computed):
      sink.write("it is damaged: checksum ")
      sink.write(hexadecimal: computed)
      sink.write(", expected ")
      sink.write(hexadecimal: stated)
    case .reserved(let offset): sink.write("byte ", offset, " and the three after it must be zero")
    case .field(let name, let value, let most, let least):
      sink.write(name)
      sink.write(" is ", value, ", must be ", Int(least), " to ", most, "")
    case .floatField(let name, let bits):
      sink.write(name)
      sink.write(" is out of range (bits ")
      sink.write(hexadecimal: UInt64(bits), digits: 8)
      sink.write(")")
    default: describeContent(to: &sink)
    }
  }

  private func describeContent<Sink: ByteSink & ~Copyable>(to sink: inout Sink) {
    switch self {
    case .sectionPlace(let kind, let offset, let size):
      sink.write("section ", kind, " has no valid place: offset ", offset, ", size ", size, "")
    case .unknownSection(let kind): sink.write("section ", kind, " is not known to this program")
    case .repeatedSection(let kind): sink.write("section ", kind, " is there twice")
    case .missingSection(let kind): sink.write("section ", kind, " is missing")
    case .sectionSize(let kind, let size, let expected):
      sink.write("section ", kind, " has ", size, " bytes, expected ", expected, "")
    case .wrongTensor(let index, let expected):
      sink.write("tensor ", index, " is not ")
      expected.describe(to: &sink)
    case .tensor(let value, let expected, let property, let name):
      sink.write("tensor ")
      name.describe(to: &sink)
      sink.write(": ")
      sink.write(property)
      sink.write(" is ", value, ", expected ", expected, "")
    case .tensorPlace(let offset, let size, let property, let name):
      sink.write("tensor ")
      name.describe(to: &sink)
      sink.write(": ")
      sink.write(property)
      sink.write(" has no valid place: offset ", offset, ", size ", size, "")
    case .weight(let name, let offset):
      sink.write("tensor ")
      name.describe(to: &sink)
      sink.write(": the weight at byte ", offset, " is -128, must be -127 to 127")
    default: break
    }
  }
}

extension ByteSink where Self: ~Copyable {
  @inline(never)
  fileprivate mutating func write(_ a: StaticText, _ number: some DecimalNumber, _ b: StaticText) {
    write(a)
    write(number)
    write(b)
  }

  @inline(never)
  fileprivate mutating func write(
    _ a: StaticText, _ x: some DecimalNumber, _ b: StaticText, _ y: some DecimalNumber, _ c: StaticText
  ) {
    write(a, x, b)
    write(y)
    write(c)
  }

  @inline(never)
  fileprivate mutating func write(
    _ a: StaticText, _ x: some DecimalNumber, _ b: StaticText, _ y: some DecimalNumber, _ c: StaticText,
    _ z: some DecimalNumber, _ d: StaticText
  ) {
    write(a, x, b, y, c)
    write(z)
    write(d)
  }
}
