import SwiftletPlatform
import Swiftlet

/// Why a verification can't be done.
public enum VerificationError: Error, CustomStringConvertible {
  /// The model file can't be used.
  case model(path: String, SwiftletError)
  /// Source and model are not of one architecture.
  case mismatch(what: String, source: Int, model: Int)
  /// A text can't be read.
  case text(path: String, reason: String)
  /// No line of the text could be verified.
  case nothing(path: String)

  /// One line: what, where, and the numbers.
  public var description: String {
    switch self {
    case .model(let path, let error): "\(path): \(error.description)"
    case .mismatch(let what, let source, let model):
      "the source and the model are not of one architecture: \(what) is \(source) in the source, \(model) in the model"
    case .text(let path, let reason): "\(path): \(reason)"
    case .nothing(let path): "\(path): no line to verify"
    }
  }
}
