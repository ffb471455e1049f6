import Foundation
import SwiftletModelFile
import SwiftletSources

/// Why a conversion stopped. The target, if there was one, is as it was.
public enum ConversionError: Error, CustomStringConvertible {
  /// The system refused to write.
  case file(path: String, action: String, reason: String)
  /// A number of the source is larger than the format holds.
  case tooLarge(what: String, value: Int, limit: Int)
  /// Something that the runtime would not honour: file, name and value.
  case unsupported(String)
  /// The finished file did not pass its own reader's checks.
  case unreadable(ModelFileError)

  /// One line: what, where, and the numbers.
  public var description: String {
    switch self {
    case .file(let path, let action, let reason): "cannot \(action) \(path): \(reason)"
    case .tooLarge(let what, let value, let limit): "\(what) is \(value), the format holds at most \(limit)"
    case .unsupported(let text): text
    case .unreadable(let error): "the finished file can't be read: \(error.description)"
    }
  }
}
