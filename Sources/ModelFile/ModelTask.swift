import SwiftletPlatform

/// What a model is for, as its parts say.
public enum ModelTask: Equatable, Sendable {
  /// An encoder and a decoder: targets from sources.
  case translation
  /// A decoder alone: what goes on from a text.
  case continuation
  /// An encoder alone: a vector for a text.
  case vectors
  /// An encoder alone: a class for a text.
  case textClasses
  /// An encoder alone: a class for each token.
  case tokenClasses
  /// An encoder alone: tokens for places that are masked.
  case maskedTokens

  /// What the model is, and which commands run it.
  public var text: StaticText {
    switch self {
    case .translation: "the model has an encoder and a decoder: use translate, or score"
    case .continuation: "the model has a decoder alone: use generate, or score"
    case .vectors: "the model has an encoder alone, without classes: use embed"
    case .textClasses: "the model has an encoder alone, with classes of texts: use classify"
    case .tokenClasses: "the model has an encoder alone, with classes of tokens: use classify"
    case .maskedTokens: "the model has an encoder alone, that predicts masked tokens: use fill"
    }
  }

  /// Its name.
  public var name: StaticText {
    switch self {
    case .translation: "translation"
    case .continuation: "continuation"
    case .vectors: "vectors"
    case .textClasses: "text classes"
    case .tokenClasses: "token classes"
    case .maskedTokens: "masked tokens"
    }
  }

  /// Whether there is a decoder.
  public var decodes: Bool { self == .translation || self == .continuation }
}

extension Architecture {
  /// What the model is for.
  public var task: ModelTask {
    if decoderLayers > 0 { return encoderLayers > 0 ? .translation : .continuation }
    if head.predictsTokens { return .maskedTokens }
    guard head.classes > 0 else { return .vectors }
    return head.pooling == .none ? .tokenClasses : .textClasses
  }
}
