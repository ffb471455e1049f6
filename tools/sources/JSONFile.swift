import Foundation

/// A file that holds one JSON object.
public struct JSONFile: Sendable {
  /// The path as it was given.
  public let path: String
  /// Its content.
  public let object: JSONObject

  /// Reads a file of at most 100 MB.
  ///
  /// - Throws: `SourceError.system` if it can't be read, `.json` if it is not one strict JSON object.
  public init(path: String) throws(SourceError) {
    let source = try MappedSource(path: path)
    guard source.count <= 100_000_000 else {
      throw .system(SystemError(path: path, operation: .open, code: EFBIG))
    }
    let value = try source.withBytes(0..<source.count) { (bytes) throws(SourceError) in
      do throws(JSONError) { return try StrictJSON(bytes) } catch { throw .json(file: path, error) }
    }
    guard case .object(let object) = value else {
      let first = source.withBytes(0..<1) { $0.first } ?? 0
      let problem = JSONError.Problem.unexpectedByte(first, expected: "an object")
      throw .json(file: path, JSONError(problem: problem, offset: 0))
    }
    self.path = path
    self.object = object
  }
}
