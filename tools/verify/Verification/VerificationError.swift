import Swiftlet
import SwiftletPlatform

/// Why a verification can't be done.
public enum VerificationError: Error, CustomStringConvertible {
  /// The model file can't be used.
  case model(path: String, SwiftletError)
  /// Source and model are not of one architecture.
  case mismatch(what: String, source: Int, model: Int)
  /// A text can't be read.
  case text(path: String, reason: String)
  /// A file can't be written.
  case output(path: String, reason: String)
  /// References of another count of lines than the text.
  case references(path: String, lines: Int, text: Int)
  /// References for a model that does not translate.
  case uselessReferences
  /// No line of the text could be verified.
  case nothing(path: String)
  /// A state that is not one, or of another run.
  case state(path: String, reason: String)

  /// One line: what, where, and the numbers.
  public var description: String {
    switch self {
    case .model(let path, let error): "\(path): \(error.description)"
    case .mismatch(let what, let source, let model):
      "the source and the model are not of one architecture: \(what) is \(source) in the source, \(model) in the model"
    case .text(let path, let reason), .output(let path, let reason): "\(path): \(reason)"
    case .references(let path, let lines, let text):
      "\(path): \(lines) lines of references for \(text) lines of text"
    case .uselessReferences: "--references: the model does not translate"
    case .nothing(let path): "\(path): no line to verify"
    case .state(let path, let reason): "\(path): \(reason)"
    }
  }
}
