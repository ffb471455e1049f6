import Swiftlet
import SwiftletModelFile
import SwiftletPlatform

/// The commands that open a model.
enum Command {
  case translate, generate, embed, classify, fill, tokenize, score, plan, info

  /// Whether texts may follow the model.
  var takesTexts: Bool { self != .plan && self != .info }

  /// Whether tokens are chosen.
  private var searches: Bool { self == .translate || self == .generate }

  /// Whether an encoder alone is run.
  private var onlyEncodes: Bool { self == .embed || self == .classify || self == .fill }

  /// Whether a command has an option, if there is such a one. `plan` and `info` take what `translate` takes.
  func accepts(_ option: Word) -> Bool {
    switch option {
    case "--help", "-h", "--max-source", "--threads", "--memory", "--kernel", "--weights", "--json",
      "--quiet", "--no-sandbox":
      true
    case "--truncate": onlyEncodes
    case "--pooling", "--similarity", "--raw": self == .embed
    case "--top": self == .classify || self == .fill
    case "--ids", "--decode", "--target": self == .tokenize
    case "--attention": searches || self == .embed || !takesTexts
    case "--replace-unknown": self == .translate || !takesTexts
    case "--echo", "--chat": self == .generate
    case "--score": self == .plan
    case "--source-language", "--target-language": self == .translate
    case "--digest": self != .tokenize
    case "--max-target": !onlyEncodes && self != .tokenize
    default: searches || !takesTexts
    }
  }

  /// Throws if a model is for something else.
  func check(_ task: ModelTask) throws(SwiftletError) {
    let fits: Bool
    switch self {
    case .translate: fits = task == .translation
    case .generate, .score: fits = task.decodes
    case .embed: fits = task == .vectors
    case .classify: fits = task == .textClasses || task == .tokenClasses
    case .fill: fits = task == .maskedTokens
    case .tokenize, .plan, .info: fits = true
    }
    guard fits else { throw .otherTask(task) }
  }
}
