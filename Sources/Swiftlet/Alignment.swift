import SwiftletArena
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTokenizers
import SwiftletTransformer

/// What each token of a target attended to: a weight for each source token, the mean of some heads of a layer.
struct Alignment: ~Copyable {
  /// `[target][source]`; empty where nobody asks for alignments.
  private let weights: ArenaBuffer<Float>
  private var sourceCount = 0
  private var targetCount = 0

  init(_ weights: consuming ArenaBuffer<Float>) { self.weights = weights }

  /// The weights of one target token: one for each source token, 1 together.
  @_lifetime(borrow self)
  func weights(_ token: Int) -> Span<Float> {
    precondition(token >= 0 && token < targetCount, "the target has fewer tokens")
    let start = token * sourceCount
    return weights.span.extracting(start..<start + sourceCount)
  }

  /// The source token that a target token attended to most, other than the end token; of equals the first.
  func mostAttended(_ token: Int) -> Int {
    let weights = weights(token)
    var best = 0
    for index in 0..<max(1, sourceCount - 1) where weights[index] > weights[best] { best = index }
    return best
  }

  /// Makes place for the weights of a target, all zero, and has the workspace fill them from now on.
  mutating func prepare(
    target: Int, source: Int, _ heads: AlignmentHeads, _ workspace: inout Workspace
  ) {
    precondition(weights.count > 0, "the plan has room for no alignment")
    (targetCount, sourceCount) = (target, source)
    for index in 0..<target * source { unsafe weights.pointer[index] = 0 }
    workspace.capture = unsafe AttentionCapture(
      .source, layer: heads.layer, heads: heads.heads, queries: target, keys: source, isMean: true,
      into: weights.pointer)
  }
}

/// The heads whose mean says which tokens belong together.
public struct AlignmentHeads: Sendable {
  /// The decoder's layer, from 0.
  public var layer: Int
  /// Its heads.
  public var heads: Range<Int>

  /// What a model's makers set (the metadata `alignment-layer` and `alignment-heads`: how many, the first ones; 0 is all),
  /// or else all heads of the last layer.
  public init(_ file: borrowing ModelFile) {
    let architecture = file.architecture
    layer = architecture.decoderLayers - 1
    heads = 0..<architecture.heads
    if let number = Self.number("alignment-layer", file), number < architecture.decoderLayers {
      layer = number
    }
    if let count = Self.number("alignment-heads", file), (1...architecture.heads).contains(count) {
      heads = 0..<count
    }
  }

  /// A number of the metadata.
  private static func number(_ key: StaticText, _ file: borrowing ModelFile) -> Int? {
    guard let digits = unsafe file.metadata.value(key), (1...6).contains(digits.count) else { return nil }
    var number = 0
    for index in 0..<digits.count {
      let digit = unsafe digits[index]
      guard digit >= 0x30, digit <= 0x39 else { return nil }
      number = number * 10 + Int(digit - 0x30)
    }
    return number
  }
}

extension Translator {
  /// Calls `body` with each pair of a source word and a target word that belong together, both counted from 0, in the order
  /// of the target: a target word belongs to the source words that its tokens attended to most.
  ///
  /// After `align`.
  public func forEachAlignedPair(_ body: (_ source: Int, _ target: Int) -> Void) {
    var (word, target) = (-1, 0)
    // The source words of the target word so far: it has as many tokens.
    while target < ids.count, !isEnd(ids[target]) {
      let first = target
      word += 1
      repeat { target += 1 } while target < ids.count && !isEnd(ids[target]) && !beginsWord(ids[target])
      for token in first..<target {
        let source = sourceWord(alignedSource(token))
        var isNew = true
        for earlier in first..<token where sourceWord(alignedSource(earlier)) == source { isNew = false }
        if isNew { body(source, word) }
      }
    }
  }

  /// The number of the word that a source token belongs to. The template's tokens belong to the word before them.
  func sourceWord(_ token: Int) -> Int {
    var word = -1
    for index in 0..<min(token + 1, sourceIDs.count)
    where sourceTokenizer.pieceType(sourceIDs[index]) != .control {
      if word < 0 || beginsSourceWord(sourceIDs[index]) { word += 1 }
    }
    return max(0, word)
  }

  private func isEnd(_ id: UInt32) -> Bool { Int(truncatingIfNeeded: id) == model.file.decoding.endToken }

  private func beginsWord(_ id: UInt32) -> Bool { beginsWithSpace(targetTokenizer.pieceText(id)) }

  func beginsSourceWord(_ id: UInt32) -> Bool { beginsWithSpace(sourceTokenizer.pieceText(id)) }

  /// Whether a piece begins with `▁`.
  private func beginsWithSpace(_ piece: Span<UInt8>) -> Bool {
    piece.count >= 3 && piece[0] == 0xE2 && piece[1] == 0x96 && piece[2] == 0x81
  }
}
