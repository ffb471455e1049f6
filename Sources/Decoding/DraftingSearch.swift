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

  /// A prompt's tokens.
  fileprivate func prompt(_ sentence: Int) -> UnsafeBufferPointer<UInt32> {
    guard case .prompts(let prompts) = self else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
    return unsafe prompts.tokens(sentence)
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

  /// Remembers what follows what in a prompt.
  mutating func learnPrompt(_ sentence: Int) {
    let tokens = unsafe known.prompt(sentence)
    guard let first = unsafe tokens.first else { return }
    var context = DraftContext((first, first, first), position: 0)
    for index in 1..<tokens.count {
      drafts.learn(unsafe tokens[index], after: context, source: Span())
      context.append(unsafe tokens[index])
    }
  }

  /// Remembers what comes after a target.
  mutating func learn(_ token: UInt32, _ sentence: Int, _ place: Int) {
    unsafe drafts.learn(token, after: context(sentence, place), source: known.source(sentence).span)
  }

  /// The end of a target, before which stands its prompt if it has one.
  private func context(_ sentence: Int, _ place: Int) -> DraftContext {
    let history = targets.sequences.history(place)
    let prompt = unsafe known.prompt(sentence)
    func token(_ distance: Int) -> UInt32 {
      if distance < history.count { return history[history.count - 1 - distance] }
      // The first of a history is the prompt's last.
      let index = prompt.count - 1 - (distance - history.count + 1)
      return unsafe index >= 0 ? prompt[index] : prompt.first ?? history[0]
    }
    return DraftContext((token(0), token(1), token(2)), position: history.count - 1)
  }
}
