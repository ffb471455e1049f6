/// A token that may be drawn, and its probability, not normalised.
struct WeightedToken: BitwiseCopyable {
  var token: UInt32
  var weight: Float
}

/// Tokens of which the best are taken out one by one: those with the largest key, of equals the one with the lowest id.
/// A key is a float for each token, in an array by id.
///
/// The tokens that were taken out lie behind the others, the first at the end.
///
/// - Complexity: O(tokens) to make, O(log tokens) for each that is taken out: to order the few likely tokens of a large
///   vocabulary costs little.
@safe struct TokenHeap {
  let tokens: UnsafeMutablePointer<WeightedToken>
  let keys: UnsafePointer<Float>
  private(set) var count: Int

  init(_ tokens: UnsafeMutablePointer<WeightedToken>, count: Int, keys: UnsafePointer<Float>) {
    unsafe self.tokens = tokens
    unsafe self.keys = keys
    self.count = count
    var place = count / 2
    while place > 0 {
      place -= 1
      sink(place)
    }
  }

  /// The best of those that are left.
  var best: WeightedToken { unsafe tokens[0] }

  /// Takes out the best of those that are left.
  mutating func takeBest() {
    count -= 1
    let best = unsafe tokens[0]
    unsafe tokens[0] = tokens[count]
    unsafe tokens[count] = best
    sink(0)
  }

  private func sink(_ start: Int) {
    guard start < count else { return }
    var place = start
    let token = unsafe tokens[place]
    while true {
      var child = 2 &* place &+ 1
      guard child < count else { break }
      if child &+ 1 < count, unsafe isBefore(tokens[child &+ 1], tokens[child]) { child &+= 1 }
      guard unsafe isBefore(tokens[child], token) else { break }
      unsafe tokens[place] = tokens[child]
      place = child
    }
    unsafe tokens[place] = token
  }

  private func isBefore(_ one: WeightedToken, _ other: WeightedToken) -> Bool {
    let (key, otherKey) = unsafe (
      keys[Int(truncatingIfNeeded: one.token)], keys[Int(truncatingIfNeeded: other.token)]
    )
    return key > otherKey || (key == otherKey && one.token < other.token)
  }
}
