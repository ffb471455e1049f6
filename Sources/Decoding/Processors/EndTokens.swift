/// The tokens that end a target: the model's own, and up to seven more.
public struct EndTokens: Sendable {
  private var tokens = SIMD8<UInt32>(repeating: 0)
  /// How many there are.
  public private(set) var count = 0

  /// No tokens.
  public init() {}

  /// The most tokens that there can be.
  public static let maximum = 8

  /// Adds a token. Returns whether there was room for it.
  public mutating func add(_ token: Int) -> Bool {
    guard count < Self.maximum else { return false }
    tokens[count] = UInt32(truncatingIfNeeded: token)
    count += 1
    return true
  }

  /// The token at `index`.
  subscript(index: Int) -> Int { Int(truncatingIfNeeded: tokens[index]) }

  /// Whether `token` is among them.
  func contains(_ token: UInt32) -> Bool {
    for index in 0..<count where tokens[index] == token { return true }
    return false
  }
}

extension LogitsRow {
  /// Lets no target end before `minimum` tokens were chosen (transformers' `min_new_tokens`).
  func forbidEnd(_ ends: EndTokens, before minimum: Int) {
    guard chosenCount < minimum else { return }
    for index in 0..<ends.count { mask(ends[index]) }
  }
}
