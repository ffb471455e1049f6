import Foundation

/// A file that holds one JSON object.
public struct JSONFile: Sendable {
  /// The path as it was given.
  public let path: String
  /// Its content.
  public let object: JSONObject

  /// Reads a file of at most 100 MB.
  ///
  /// - Throws: `SourceError.system` if it can't be read, `.unsupported` if it is larger, `.json` if it is not one strict JSON object.
  public init(path: String) throws(SourceError) {
    guard case .object(let object) = try Self.value(path: path) else { throw Self.error(path, "an object") }
    self.path = path
    self.object = object
  }

  /// The values of a file that holds one JSON array.
  ///
  /// - Throws: as the initialiser.
  package static func array(path: String) throws(SourceError) -> [StrictJSON] {
    guard case .array(let values) = try value(path: path) else { throw error(path, "an array") }
    return values
  }

  private static func value(path: String) throws(SourceError) -> StrictJSON {
    let source = try MappedSource(path: path, most: SourceLimits.jsonBytes)
    return unsafe try source.withBytes(0..<source.count) { (bytes) throws(SourceError) in
      do throws(JSONError) { return unsafe try StrictJSON(bytes) } catch { throw .json(file: path, error) }
    }
  }

  private static func error(_ path: String, _ expected: String) -> SourceError {
    var first: UInt8 = 0
    if let source = try? MappedSource(path: path) {
      first = unsafe source.withBytes(0..<1) { unsafe $0.first } ?? 0
    }
    return .json(file: path, JSONError(problem: .unexpectedByte(first, expected: expected), offset: 0))
  }
}
