import Foundation

/// A `model.bin` of CTranslate2, versions 2 to 6: named variables one after the other, then other names for some.
///
/// Matrices may be int8 with a scale for each row, or int16 with one scale: a weight is its integer divided by the
/// scale.
public struct CTranslate2File: Sendable {
  /// The file's path.
  public let path: String
  /// The version of the format.
  public let version: Int
  /// The name of the specification, such as `TransformerSpec`.
  public let specification: String
  /// The specification's revision.
  public let revision: Int
  /// All variables of one dimension or more, scales apart.
  public let weights: SourceWeights
  private let scalars: [String: Double]
  private let floats: Set<String>

  /// Opens a file and checks that every byte of it has one meaning.
  ///
  /// - Throws: `SourceError.system`, or `.unsupported` with the variable and the numbers.
  public init(path: String) throws(SourceError) {
    let source = try MappedSource(path: path)
    var parser = CTranslate2Parser(source)
    guard let header = parser.header() else {
      throw .unsupported(file: path, reason: "is no model.bin of CTranslate2, versions 2 to 6")
    }
    try parser.readVariables()
    if header.version >= 3 { try parser.readAliases() }
    try parser.checkEnd()
    self.path = path
    version = header.version
    specification = header.specification
    revision = header.revision
    weights = SourceWeights(path: path, tensors: try parser.tensors())
    scalars = parser.scalars
    floats = parser.floats
  }

  /// Whether a file begins as one of these.
  public static func recognises(_ path: String) throws(SourceError) -> Bool {
    var parser = CTranslate2Parser(try MappedSource(path: path))
    return parser.header() != nil
  }

  /// A variable of one number.
  public func number(_ name: String) -> Double? { scalars[name] }

  /// Whether a variable of one number is a float, not a flag or a count.
  public func isFloat(_ name: String) -> Bool { floats.contains(name) }

  /// The names of all variables of one number.
  public var numberNames: [String] { scalars.keys.sorted() }
}

/// A variable's type, shape and place.
private struct Variable {
  let type: ElementType
  let shape: [Int]
  let bytes: Range<Int>
}

/// Reads the file from front to back.
private struct CTranslate2Parser {
  private let source: MappedSource
  private var reader: ByteReader
  private var version = 0
  private var variables: [String: Variable] = [:]
  private var names: [String] = []
  /// What other names stand for.
  private var aliases: [String: String] = [:]
  private(set) var scalars: [String: Double] = [:]
  private(set) var floats: Set<String> = []

  private static let int16Scale: Float = 1000  // Of early files, which store none.

  init(_ source: MappedSource) {
    self.source = source
    reader = ByteReader(source, 0..<source.count)
  }

  /// Version, specification, revision; nil if the bytes are none of those.
  mutating func header() -> (version: Int, specification: String, revision: Int)? {
    guard let version = reader.next(UInt32.self), (2...6).contains(version), let name = text(), !name.isEmpty,
      name.utf8.allSatisfy({ (0x30...0x7A).contains($0) }), let revision = reader.next(UInt32.self)
    else { return nil }
    self.version = Int(version)
    return (Int(version), name, Int(revision))
  }

  mutating func readVariables() throws(SourceError) {
    guard let count = reader.next(UInt32.self), count <= SourceLimits.tensors else {
      throw error("has no count of variables, or more than \(SourceLimits.tensors)")
    }
    for index in 0..<Int(count) {
      guard let name = text(), let rank = reader.next(UInt8.self) else {
        throw error("ends within variable \(index) of \(count)")
      }
      let variable = try self.variable(name, rank: Int(rank))
      guard variables.updateValue(variable, forKey: name) == nil else {
        throw error("variable \(name) is there twice")
      }
      names.append(name)
    }
  }

  private mutating func variable(_ name: String, rank: Int) throws(SourceError) -> Variable {
    guard name.utf8.count <= SourceLimits.nameBytes else {
      throw error(
        "has a name of \(name.utf8.count) bytes, \(name.prefix(40))…: at most \(SourceLimits.nameBytes) are read"
      )
    }
    guard rank <= SourceLimits.dimensions else {
      throw error(
        "variable \(name) has \(rank) dimensions: at most \(SourceLimits.dimensions) are read")
    }
    var shape: [Int] = []
    var count = 1
    for _ in 0..<rank {
      guard let length = reader.next(UInt32.self) else { throw error("ends within the shape of \(name)") }
      let (product, overflow) = count.multipliedReportingOverflow(by: max(1, Int(length)))
      guard !overflow else { throw error("variable \(name): the size of shape \(shape) overflows") }
      count = product
      shape.append(Int(length))
    }
    if shape.contains(0) { count = 0 }
    guard let code = reader.next(UInt8.self), let stated = reader.next(UInt32.self),
      let type = version >= 4 ? Self.type(code: code) : Self.type(size: code)
    else { throw error("variable \(name) has no type that is known") }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: type.bits / 8)
    // The size is stated in bytes, in early versions in elements, always in 32 bits.
    let expected = version >= 4 ? bytes : count
    guard !overflow, UInt32(truncatingIfNeeded: expected) == stated else {
      throw error("variable \(name) of shape \(shape) states a size of \(stated), not \(expected)")
    }
    let start = reader.place
    guard reader.skip(bytes) else { throw error("variable \(name) of \(bytes) bytes is cut") }
    return Variable(type: type, shape: shape, bytes: start..<start + bytes)
  }

  mutating func readAliases() throws(SourceError) {
    guard let count = reader.next(UInt32.self), count <= SourceLimits.tensors else {
      throw error("has no count of other names, or more than \(SourceLimits.tensors)")
    }
    for _ in 0..<Int(count) {
      guard let alias = text(), let name = text(), let variable = variables[name] else {
        throw error("gives another name to what is not there, or ends within it")
      }
      guard variables.updateValue(variable, forKey: alias) == nil else {
        throw error("variable \(alias) is there twice")
      }
      names.append(alias)
      aliases[alias] = name
      if let scale = variables["\(name)_scale"] { variables["\(alias)_scale"] = scale }
    }
  }

  func checkEnd() throws(SourceError) {
    guard reader.count == 0 else { throw error("has \(reader.count) bytes behind its last variable") }
  }

  /// The tensors; scalars are put aside, scales go to their matrices.
  mutating func tensors() throws(SourceError) -> [SourceTensor] {
    var tensors: [SourceTensor] = []
    for name in names {
      guard let variable = variables[name] else { continue }
      if variable.shape.isEmpty, !name.hasSuffix("weight_scale") {
        scalars[name] = number(variable)
        if variable.type.isReadable { floats.insert(name) }
      } else if !isScale(name) {
        tensors.append(
          SourceTensor(
            name: name, type: variable.type, shape: variable.shape, source: source, bytes: variable.bytes,
            divisor: try divisor(of: name, variable), storedName: aliases[name]))
      }
    }
    return tensors
  }

  private func isScale(_ name: String) -> Bool {
    guard name.hasSuffix("_scale"), let base = variables[String(name.dropLast("_scale".count))] else {
      return false
    }
    return base.type == .i8 || base.type == .i16
  }

  /// What the integers of a matrix are divided by.
  private func divisor(of name: String, _ variable: Variable) throws(SourceError) -> SourceTensor.Divisor? {
    guard variable.type == .i8 || variable.type == .i16, variable.shape.count >= 2 else { return nil }
    guard let scale = variables["\(name)_scale"] else {
      if variable.type == .i16 { return .one(Self.int16Scale) }
      throw error("variable \(name) of int8 has no scales")
    }
    guard scale.type == .f32 else { throw error("the scales of \(name) are no float32") }
    switch scale.shape {
    case [], [1]: return .one(Float(number(scale)))
    case [variable.shape[0]]: return .rows(scale.bytes)
    default: throw error("\(name) of shape \(variable.shape) has scales of shape \(scale.shape)")
    }
  }

  /// The first number of a variable.
  private func number(_ variable: Variable) -> Double {
    var reader = ByteReader(source, variable.bytes)
    return switch variable.type {
    case .i8: Double(reader.next(Int8.self) ?? 0)
    case .i16: Double(reader.next(Int16.self) ?? 0)
    case .i32: Double(reader.next(Int32.self) ?? 0)
    case .f16: Double(Float(halfBits: reader.next(UInt16.self) ?? 0))
    case .bf16: Double(Float(brainBits: reader.next(UInt16.self) ?? 0))
    default: Double(Float(bitPattern: reader.next(UInt32.self) ?? 0))
    }
  }

  private mutating func text() -> String? {
    guard let length = reader.next(UInt16.self), length > 0, var bytes = reader.bytes(Int(length)),
      bytes.removeLast() == 0
    else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func type(code: UInt8) -> ElementType? {
    let types: [ElementType] = [.f32, .i8, .i16, .i32, .f16, .bf16]
    return code < types.count ? types[Int(code)] : nil
  }

  private static func type(size: UInt8) -> ElementType? {
    switch size {
    case 1: .i8
    case 2: .i16
    case 4: .f32
    default: nil
    }
  }

  private func error(_ reason: String) -> SourceError { .unsupported(file: source.path, reason: reason) }
}
