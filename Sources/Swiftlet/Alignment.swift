import SwiftletArena
import SwiftletDecoding
import SwiftletModelFile
import SwiftletTokenizers
import SwiftletTransformer

/// What each token of a target attended to: a weight for each source token, the mean of the heads of the last decoder
/// layer.
struct Alignment: ~Copyable {
  /// `[target][source]`; empty where nobody asks for alignments.
  private let weights: ArenaBuffer<Float>
  private let longestSource: Int
  private var sourceCount = 0
  private var targetCount = 0

  init(_ weights: consuming ArenaBuffer<Float>, longestSource: Int) {
    self.weights = weights
    self.longestSource = longestSource
  }

  /// The weights of one target token: one for each source token, 1 together.
  @_lifetime(borrow self)
  func weights(_ token: Int) -> Span<Float> {
    precondition(token >= 0 && token < targetCount, "the target has fewer tokens")
    let start = token * longestSource
    return weights.span.extracting(start..<start + sourceCount)
  }

  /// The source token that a target token attended to most, other than the end token; of equals the first.
  func mostAttended(_ token: Int) -> Int {
    let weights = weights(token)
    var best = 0
    for index in 0..<max(1, sourceCount - 1) where weights[index] > weights[best] { best = index }
    return best
  }

  /// Reads a target again, several tokens at a time, and keeps what each attended to.
  ///
  /// - Parameter slot: Where the sequence is read; what it held is gone.
  mutating func compute(
    _ ids: Span<UInt32>, startToken: Int, source: Int, slot: Int, _ workspace: inout Workspace,
    _ model: borrowing Model, scratch: inout ArenaBuffer<UInt32>
  ) {
    precondition(weights.count > 0, "the plan has room for no alignment")
    sourceCount = workspace.sourceCount(source)
    targetCount = ids.count
    workspace.begin(slot, source: source)
    let most = min(workspace.limits.rows, scratch.count / 2)
    var first = 0
    while first < ids.count {
      // A token's attention is that of the step that chose it, which read the token before.
      let count = min(most, ids.count - first)
      for row in 0..<count {
        let token = first + row
        scratch.pointer[row] = token == 0 ? UInt32(truncatingIfNeeded: startToken) : ids[token - 1]
        scratch.pointer[most + row] = UInt32(truncatingIfNeeded: slot)
      }
      workspace.step(
        scratch.span.extracting(0..<count), slots: scratch.span.extracting(most..<most + count), model)
      for row in 0..<count {
        let place = weights.pointer + (first + row) * longestSource
        for token in 0..<sourceCount { place[token] = 0 }
        workspace.addSourceAttention(row: row, model, to: place)
      }
      first += count
    }
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

  /// The number of the word that a source token belongs to.
  private func sourceWord(_ token: Int) -> Int {
    var word = 0
    for index in 1..<max(1, token + 1) where beginsSourceWord(sourceIDs[index]) { word += 1 }
    return word
  }

  private func isEnd(_ id: UInt32) -> Bool { Int(truncatingIfNeeded: id) == model.file.decoding.endToken }

  private func beginsWord(_ id: UInt32) -> Bool { beginsWithSpace(targetTokenizer.pieceText(id)) }

  private func beginsSourceWord(_ id: UInt32) -> Bool { beginsWithSpace(sourceTokenizer.pieceText(id)) }

  /// Whether a piece begins with `▁`.
  private func beginsWithSpace(_ piece: Span<UInt8>) -> Bool {
    piece.count >= 3 && piece[0] == 0xE2 && piece[1] == 0x96 && piece[2] == 0x81
  }
}
