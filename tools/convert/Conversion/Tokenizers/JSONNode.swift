import SwiftletSources

/// A value of a JSON file and the way to it, for messages that say where something is wrong.
struct JSONNode: Sendable {
  /// The file.
  let file: String
  /// The way from the file's object: `model.vocab`, `added_tokens[3].id`.
  let place: String
  /// The value; null where there is none.
  let value: StrictJSON

  /// The root of a file.
  init(_ file: JSONFile) { self.init(file: file.path, place: "", value: .object(file.object)) }

  /// A value at a place.
  init(file: String, place: String, value: StrictJSON) {
    self.file = file
    self.place = place
    self.value = value
  }

  /// Whether there is no value, or null.
  var isNull: Bool { value == .null }

  /// A member; null if there is none.
  subscript(key: String) -> JSONNode {
    var member = StrictJSON.null
    if case .object(let object) = value { member = object[key] ?? .null }
    return JSONNode(file: file, place: place.isEmpty ? key : "\(place).\(key)", value: member)
  }

  /// The elements of an array.
  func elements() throws(TokenizerSourceError) -> [JSONNode] {
    guard case .array(let values) = value else { throw malformed("an array") }
    return values.enumerated().map { JSONNode(file: file, place: "\(place)[\($0)]", value: $1) }
  }

  /// The members of an object.
  func members() throws(TokenizerSourceError) -> [JSONObject.Member] {
    guard case .object(let object) = value else { throw malformed("an object") }
    return object.members
  }

  /// The value as text.
  func text() throws(TokenizerSourceError) -> String {
    guard case .string(let text) = value else { throw malformed("a text") }
    return text
  }

  /// The value as a whole number from 0 on.
  func index() throws(TokenizerSourceError) -> Int {
    guard let number = value.wholeNumber, number >= 0 else { throw malformed("a whole number from 0 on") }
    return number
  }

  /// The value as true or false; `missing` if there is none.
  func flag(missing: Bool) throws(TokenizerSourceError) -> Bool {
    if isNull { return missing }
    guard case .bool(let flag) = value else { throw malformed("true or false") }
    return flag
  }

  /// The text of the member `type`.
  func type() throws(TokenizerSourceError) -> String { try self["type"].text() }

  /// The error that this value is something else.
  func malformed(_ expected: String) -> TokenizerSourceError {
    .malformed(
      file: file, at: place.isEmpty ? "the file" : place, expected: expected, found: value.excerpt)
  }

  /// The error that this asks for what can't be honoured.
  func unsupported(_ what: String) -> TokenizerSourceError {
    .unsupported(file: file, at: place, what)
  }
}
