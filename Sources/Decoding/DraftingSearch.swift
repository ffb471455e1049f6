import SwiftletArena
import SwiftletKernels

/// What guesses are made from beside the targets.
enum KnownTokens {
  case none
  /// What targets are made from.
  case sources(SourceTokens)
  /// What targets go on from.
  case prompts(SourceTokens)

  /// A source's tokens without the one that ends it.
  fileprivate func source(_ sentence: Int) -> UnsafeBufferPointer<UInt32> {
    guard case .sources(let sources) = self else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
    return unsafe UnsafeBufferPointer(rebasing: sources.tokens(sentence).dropLast())
  }

  /// The token `distance` before the last of a prompt.
  fileprivate func token(_ sentence: Int, beforeLast distance: Int) -> UInt32? {
    guard case .prompts(let prompts) = self else { return nil }
    let tokens = unsafe prompts.tokens(sentence)
    return tokens.count > distance ? unsafe tokens[tokens.count - 1 - distance] : nil
  }
}

/// Steps that read guessed tokens too.
extension Search {
  /// One step of the only open sentence: reads its last token, and behind it those that are guessed to follow. As many as are
  /// guessed right are chosen, and one more.
  mutating func stepAhead<Scorer: TokenScorer & ~Copyable>(
    _ scorer: inout Scorer, _ isDone: (_ sentence: Int, _ ids: Span<UInt32>) -> Bool
  ) {
    let sentence = openSentence(0)
    let place = targets.place(sentence, rank: 0)
    let guesses = guessNext(sentence, place, most: min(drafts.most, scorer.drafts))
    read(guesses + 1, scoresAll: true, &scorer)
    openCount = 0
    var row = 0
    while advance(sentence, row: row, scorer, isDone) {
      guard row < guesses, unsafe rowIDs.pointer[row + 1] == targets.sequences.last(place) else {
        scorer.takeBack(guesses - row, slot: slot(sentence))
        return open(sentence)
      }
      row += 1
    }
  }

  /// Puts a target's last token and the guessed ones after it into the rows to read. Returns how many are guessed: none that
  /// ends the target, fewer than there is room for, and after the first only what is more likely right than not.
  private func guessNext(_ sentence: Int, _ place: Int, most: Int) -> Int {
    unsafe rowIDs.pointer[0] = targets.sequences.last(place)
    var context = context(sentence, place)
    let source = unsafe known.source(sentence)
    let most = min(min(most, rowIDs.count - 1), room(targets.sequences.count(place) - prefixCount) - 1)
    var (count, reliability) = (0, Float(1))
    while count < most, let guess = unsafe drafts.guess(after: context, source: source.span) {
      reliability *= guess.reliability
      if ends.contains(guess.token) || (count > 0 && reliability < 0.5) { break }
      count += 1
      unsafe rowIDs.pointer[count] = guess.token
      unsafe rowSlots.pointer[count] = rowSlots.pointer[0]
      context.append(guess.token)
    }
    return count
  }

  /// Remembers what comes after a target.
  mutating func learn(_ token: UInt32, _ sentence: Int, _ place: Int) {
    unsafe drafts.learn(token, after: context(sentence, place), source: known.source(sentence).span)
  }

  /// The end of a target, before which stands its prompt if it has one.
  private func context(_ sentence: Int, _ place: Int) -> DraftContext {
    let history = targets.sequences.history(place)
    func token(_ distance: Int) -> UInt32 {
      if distance < history.count { return history[history.count - 1 - distance] }
      // The first of a history is the prompt's last.
      return known.token(sentence, beforeLast: distance - history.count + 1) ?? history[0]
    }
    return DraftContext((token(0), token(1), token(2)), position: history.count - 1)
  }
}
