import SwiftletArena
import SwiftletKernelsPlain
import SwiftletPlatform

/// The parts of an arena that drawing tokens takes.
struct SamplerLayout: Sendable {
  let tokens: PlannedBuffer<WeightedToken>
  let generators: PlannedBuffer<PCG32>

  /// Plans for a vocabulary and `batch` sentences, if tokens are drawn.
  init(_ settings: SearchSettings, vocabulary: Int, batch: Int, in plan: inout MemoryPlan) throws(ArenaError)
  {
    let isNeeded = settings.sampling != nil
    tokens = try plan.add(
      "tokens to draw from", WeightedToken.self, count: isNeeded ? vocabulary : 0, phases: .decode,
      limit: .model)
    generators = try plan.add(
      "random generators", PCG32.self, count: isNeeded ? batch : 0, phases: .decode, limit: .batch)
  }
}

/// Draws tokens. One seed gives the same tokens on every processor: the generator is integers, and probabilities are made
/// of the same exponentials everywhere.
struct Sampler: ~Copyable {
  private let tokens: ArenaBuffer<WeightedToken>
  private let generators: ArenaBuffer<PCG32>

  init(_ layout: SamplerLayout, in arena: borrowing Arena) {
    tokens = arena.buffer(layout.tokens)
    generators = arena.buffer(layout.generators)
  }

  /// Begins sentence `sentence` of the batch, number `number` of all: each has its own stream of draws, so that they do not
  /// depend on what is decoded together.
  func begin(_ sentence: Int, number: Int, seed: UInt64) {
    unsafe generators.pointer[sentence] = PCG32(seed: seed, stream: UInt64(truncatingIfNeeded: number))
  }

  /// Draws a token by its logits, which are lost. Without a token that can be drawn, returns nil.
  func draw(
    _ logits: UnsafeMutablePointer<Float>, vocabulary: Int, _ settings: SamplingSettings, sentence: Int
  ) -> UInt32? {
    let fraction = unsafe generators.pointer[sentence].nextFraction()
    let kept = unsafe Self.filter(logits, vocabulary: vocabulary, settings, into: tokens.pointer)
    var total = 0.0
    for index in 0..<kept.count { unsafe total += Double(kept[index].weight) }
    let target = fraction * total
    var sum = 0.0
    for index in 0..<kept.count {
      unsafe sum += Double(kept[index].weight)
      if sum > target { return unsafe kept[index].token }
    }
    return unsafe kept.last?.token
  }

  /// The tokens that may be drawn, and their probabilities, not normalised: temperature, then the filters in transformers'
  /// order, each over what the one before left.
  ///
  /// - Parameters:
  ///   - x: The logits of the vocabulary, which are lost.
  ///   - tokens: Room for the vocabulary.
  static func filter(
    _ x: UnsafeMutablePointer<Float>, vocabulary: Int, _ settings: SamplingSettings,
    into tokens: UnsafeMutablePointer<WeightedToken>
  ) -> UnsafeMutableBufferPointer<WeightedToken> {
    unsafe turnIntoWeights(x, vocabulary, temperature: settings.temperature)
    var count = 0
    for token in 0..<vocabulary where unsafe x[token] > 0 {
      unsafe tokens[count] = WeightedToken(token: UInt32(truncatingIfNeeded: token), weight: x[token])
      count += 1
    }
    var kept = unsafe UnsafeMutableBufferPointer(start: tokens, count: count)
    if settings.topK > 0 { unsafe kept = keepTopK(kept, settings.topK, keys: x) }
    if settings.topP < 1 { unsafe kept = keepTopP(kept, settings.topP, keys: x) }
    if settings.minP > 0 { unsafe kept = keepMinP(kept, settings.minP) }
    if settings.typicalP < 1 { unsafe kept = keepTypical(kept, settings.typicalP, keys: x) }
    return unsafe kept
  }

  /// x = e^((x − largest) / temperature): the likeliest token's weight is 1, those of masked tokens 0.
  private static func turnIntoWeights(
    _ x: UnsafeMutablePointer<Float>, _ vocabulary: Int, temperature: Float
  ) {
    var largest = -Float.infinity
    for token in 0..<vocabulary where unsafe x[token] > largest { largest = unsafe x[token] }
    var first = 0
    while first < vocabulary {
      var lanes = SIMD16<Float>(repeating: -.infinity)
      let count = min(16, vocabulary - first)
      for lane in 0..<count { lanes[lane] = unsafe x[first + lane] }
      let weights = exponential((lanes - largest) / temperature)
      for lane in 0..<count { unsafe x[first + lane] = weights[lane] }
      first += 16
    }
  }
}
