import SwiftletSources

/// The tokens of a model that comes with plain lists of them instead of a tokenizer: texts by id.
public struct TokenLists: Equatable, Sendable {
  /// Those of sources.
  public var source: [TokenText]
  /// Those of targets.
  public var target: [TokenText]
  /// The id of what a source has and the list has not.
  public var unknown: Int
  /// Ids that stand before every source.
  public var before: [Int] = []
  /// Ids that stand after it.
  public var after: [Int] = []

  /// Lists; see the properties.
  public init(source: [TokenText], target: [TokenText], unknown: Int) {
    self.source = source
    self.target = target
    self.unknown = unknown
  }
}
