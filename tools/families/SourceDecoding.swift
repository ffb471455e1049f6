/// How a model's makers decode.
public struct SourceDecoding: Equatable, Sendable {
  /// What the decoder reads first.
  public var startToken = 0
  /// What ends a text: the first one ends a source, too.
  public var endTokens: [Int] = []
  /// `pad_token_id`
  public var paddingToken: Int?
  /// The longest target in tokens, the start token included; nil if nothing was said.
  public var maximumLength: Int?
  /// 1 is greedy.
  public var beams = 1
  /// What a target begins with, after the start token.
  public var forcedFirstToken: Int?
  /// Whether a target that reaches its greatest length ends with the end token.
  public var forcesEnd = false
  /// Whether log-probabilities are those among the tokens that are not suppressed.
  public var renormalizes = false
  /// Ids that are never produced, ascending.
  public var suppressedTokens: [Int] = []

  /// Greedy decoding from token 0, without an end.
  public init() {}

  /// What ends a text first of all.
  public var endToken: Int { endTokens.first ?? 0 }
}
