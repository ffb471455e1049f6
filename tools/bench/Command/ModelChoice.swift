import Foundation
import SwiftletConversion
import SwiftletShapes

/// A model to measure: a file, or a named shape that a file is made of.
enum ModelChoice {
  case file(String)
  case shape(SyntheticModel)

  /// Where files of named shapes are kept.
  static let folder = "bin/bench"

  /// The name that results are listed under.
  var name: String {
    switch self {
    case .file(let path): URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    case .shape(let model): model.shape.name
    }
  }

  /// Whether it was trained: whether it makes sense to give it sentences.
  var hasLanguage: Bool {
    if case .file = self { true } else { false }
  }

  /// The path of the file, which is made first if need be.
  func path(progress: (Int, Int, String) -> Void) throws -> String {
    switch self {
    case .file(let path): path
    case .shape(let model): try model.file(in: Self.folder, progress: progress)
    }
  }
}
