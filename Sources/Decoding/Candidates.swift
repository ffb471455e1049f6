import SwiftletArena
import SwiftletKernels

/// A token that a hypothesis may go on with.
struct Candidate: BitwiseCopyable {
  /// The hypothesis' log-probability with the token.
  let total: Float
  /// The token's own.
  let logProbability: Float
  let token: UInt32
  /// The rank of the hypothesis among those of its sentence.
  let parent: UInt32
}

/// The best continuations of a sentence's hypotheses, the best first; of equals, those of the better hypothesis, and of
/// the lower token.
struct Candidates: ~Copyable {
  private let buffer: ArenaBuffer<Candidate>
  private(set) var count = 0
  private var limit = 0

  init(_ buffer: consuming ArenaBuffer<Candidate>) { self.buffer = buffer }

  subscript(index: Int) -> Candidate { unsafe buffer.pointer[index] }

  /// Forgets all, and keeps at most `limit` from now on.
  mutating func clear(limit: Int) {
    count = 0
    self.limit = limit
  }

  /// Puts the candidate at `index` in the place of one that is not needed any more.
  mutating func keep(_ index: Int, as place: Int) {
    unsafe buffer.pointer[place] = buffer.pointer[index]
  }

  /// What a candidate must exceed to be among the best.
  private var worst: Float {
    unsafe count == limit ? buffer.pointer[count - 1].total : -Float.greatestFiniteMagnitude
  }

  /// Takes all continuations of a hypothesis that are among the best.
  ///
  /// - Parameters:
  ///   - logits: Of all tokens; less `offset`, they are log-probabilities.
  ///   - base: The hypothesis' log-probability.
  mutating func add(
    _ logits: UnsafePointer<Float>, vocabulary: Int, less offset: (Float, Float), base: Float, parent: Int
  ) {
    var first = 0
    while first &+ 64 <= vocabulary {
      if unsafe largestOf64(logits + first, less: offset) + base > worst {
        unsafe addEach(logits, first..<first &+ 64, less: offset, base: base, parent: parent)
      }
      first &+= 64
    }
    unsafe addEach(logits, first..<vocabulary, less: offset, base: base, parent: parent)
  }

  /// The largest log-probability of 64 tokens. Adding rounds in order, so no other sum is larger.
  @inline(__always)
  private func largestOf64(_ logits: UnsafePointer<Float>, less offset: (Float, Float)) -> Float {
    var largest = SIMD16<Float>(repeating: -.infinity)
    for part in 0..<4 {
      let lanes = unsafe UnsafeRawPointer(logits + 16 &* part).loadUnaligned(as: SIMD16<Float>.self)
      largest.replace(with: lanes, where: lanes .> largest)
    }
    var eight = largest.lowHalf
    eight.replace(with: largest.highHalf, where: largest.highHalf .> eight)
    var four = eight.lowHalf
    four.replace(with: eight.highHalf, where: eight.highHalf .> four)
    let two = (four[0] > four[1] ? four[0] : four[1], four[2] > four[3] ? four[2] : four[3])
    return (two.0 > two.1 ? two.0 : two.1) - offset.0 - offset.1
  }

  private mutating func addEach(
    _ logits: UnsafePointer<Float>, _ range: Range<Int>, less offset: (Float, Float), base: Float, parent: Int
  ) {
    for token in range {
      let logProbability = unsafe logits[token] - offset.0 - offset.1
      guard logProbability + base > worst else { continue }
      insert(
        Candidate(
          total: logProbability + base, logProbability: logProbability,
          token: UInt32(truncatingIfNeeded: token), parent: UInt32(truncatingIfNeeded: parent)))
    }
  }

  private mutating func insert(_ candidate: Candidate) {
    if count < limit { count += 1 }
    var place = count - 1
    while place > 0, unsafe buffer.pointer[place - 1].total < candidate.total {
      unsafe buffer.pointer[place] = buffer.pointer[place - 1]
      place -= 1
    }
    unsafe buffer.pointer[place] = candidate
  }
}
