/// A JSON value as it was written: nothing merged, nothing guessed.
///
/// Foundation's readers keep one of two equal keys in silence, and Swift's strings compare by canonical
/// equivalence, so that two names of different bytes can count as one. Neither will do for a table of tensors:
/// here a repeated key is an error, and keys compare as bytes.
public enum StrictJSON: Equatable, Sendable {
  /// `null`
  case null
  /// `true` or `false`
  case bool(Bool)
  /// A number without fraction and exponent that fits.
  case integer(Int)
  /// Any other number: finite.
  case number(Double)
  /// Text, unescaped.
  case string(String)
  /// Values in their order.
  case array([StrictJSON])
  /// Keys and values in their order.
  case object(JSONObject)

  /// Reads one value that fills `bytes`, with white space around it at most.
  ///
  /// - Parameters:
  ///   - depth: how many arrays and objects may enclose each other.
  ///   - values: how many values there may be, arrays and objects included.
  /// - Throws: `JSONError` with the byte offset within `bytes`.
  public init(
    _ bytes: UnsafeRawBufferPointer, depth: Int = SourceLimits.jsonDepth,
    values: Int = SourceLimits.jsonValues
  ) throws(JSONError) {
    var reader = unsafe JSONReader(bytes: bytes, depthLimit: depth, valueLimit: values)
    self = try reader.document()
  }

  /// Reads one value from text: for tests and short documents.
  public init(text: String, depth: Int = SourceLimits.jsonDepth, values: Int = SourceLimits.jsonValues)
    throws(JSONError)
  {
    self = unsafe try Array(text.utf8).withUnsafeBufferPointer { (bytes) throws(JSONError) in
      unsafe try StrictJSON(UnsafeRawBufferPointer(bytes), depth: depth, values: values)
    }
  }

  /// An object of these members; of two with one key, the last counts.
  package static func make(_ members: [(key: String, value: StrictJSON)]) -> StrictJSON {
    var object = JSONObject()
    for member in members { _ = object.append(.init(key: member.key, value: member.value, offset: 0)) }
    return .object(object)
  }

  /// The value as a whole number: also `512.0`.
  public var wholeNumber: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The value as text in JSON's notation, for messages: shortened to some 60 characters.
  public var excerpt: String {
    let text =
      switch self {
      case .null: "null"
      case .bool(let value): "\(value)"
      case .integer(let value): "\(value)"
      case .number(let value): "\(value)"
      case .string(let value): "\"\(value)\""
      case .array(let values): "[" + values.prefix(16).map(\.excerpt).joined(separator: ", ") + "]"
      case .object(let object): object.isEmpty ? "{}" : "{…}"
      }
    return text.count <= 60 ? text : text.prefix(59) + "…"
  }
}

/// A JSON object: keys in the order of the text, found by their bytes.
public struct JSONObject: Equatable, Sendable {
  /// One key and its value.
  public struct Member: Equatable, Sendable {
    /// The key, unescaped.
    public let key: String
    /// Its value.
    public let value: StrictJSON
    /// Where the key begins in the text.
    public let offset: Int
  }

  /// All members, in the order of the text.
  public private(set) var members: [Member] = []
  private var places: [[UInt8]: Int] = [:]

  /// An empty object.
  public init() {}

  /// Whether it has no members.
  public var isEmpty: Bool { members.isEmpty }

  /// The value of a key of exactly these bytes.
  public subscript(key: String) -> StrictJSON? {
    places[Array(key.utf8)].map { members[$0].value }
  }

  /// Appends a member; false if the key is there already.
  mutating func append(_ member: Member) -> Bool {
    let place = places.updateValue(members.count, forKey: Array(member.key.utf8))
    members.append(member)
    return place == nil
  }
}
