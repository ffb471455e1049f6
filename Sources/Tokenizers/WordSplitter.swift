/// By which rules a text is cut into words before byte pairs are merged. The raw values are the file's.
enum WordSplit: UInt8 {
  /// Not at all.
  case none = 0
  /// GPT-2's regular expression.
  case gpt2 = 1
  /// Llama 3's: numbers of up to three digits.
  case llama3 = 2
  /// Qwen 2's: Llama 3's, with single digits.
  case qwen2 = 3
}

/// Cuts text into words, as the regular expressions of GPT-2, Llama 3 and Qwen 2 do:
///
/// ```
/// GPT-2    's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
/// Llama 3  (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*
///          |\s*[\r\n]+|\s+(?!\S)|\s+
/// ```
@safe struct WordSplitter {
  let split: WordSplit
  let classes: CharacterRuns
  let text: UnsafeRawBufferPointer
  /// Where the text ends that is cut.
  let end: Int

  /// Where the word ends that starts at `start`, which is before ``end``: after it.
  func wordEnd(_ start: Int) -> Int {
    if split == .none { return end }
    if let contraction = contractionEnd(start) { return contraction }
    let first = classAndLength(start)
    return split == .gpt2 ? plainWordEnd(start, first) : modernWordEnd(start, first)
  }

  private typealias Found = (kind: CharacterClass, length: Int)

  @inline(__always)
  private func classAndLength(_ at: Int) -> Found {
    guard at < end else { return (.space, 0) }
    let found = unsafe character(text, at)
    return (classes.characterClass(found.scalar), found.length)
  }

  /// ` ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+`, or white space.
  private func plainWordEnd(_ start: Int, _ first: Found) -> Int {
    let at = unsafe text[start] == 0x20 ? start &+ 1 : start
    let kind = classAndLength(at).kind
    if kind.isSpace { return spaceEnd(start) }
    return kind.isLetterOrNumber ? skip(at, kind) : skipOthers(at)
  }

  private func modernWordEnd(_ start: Int, _ first: Found) -> Int {
    if first.kind == .letter { return skip(start, .letter) }
    if first.kind == .number {
      return skip(start, .number, atMost: split == .llama3 ? 3 : 1)
    }
    let second = classAndLength(start &+ first.length)
    if first.kind != .newline, second.kind == .letter, second.length > 0 {
      return skip(start &+ first.length, .letter)
    }
    let at = unsafe text[start] == 0x20 ? start &+ 1 : start
    let kind = at == start ? first.kind : second.kind
    if !kind.isSpace && !kind.isLetterOrNumber { return skip(skipOthers(at), .newline) }
    return lineEnd(start) ?? spaceEnd(start)
  }

  private func skip(_ start: Int, _ kind: CharacterClass, atMost limit: Int = .max) -> Int {
    var at = start
    var count = 0
    while at < end, count < limit {
      let next = classAndLength(at)
      guard next.kind == kind else { break }
      at &+= next.length
      count &+= 1
    }
    return at
  }

  private func skipOthers(_ start: Int) -> Int {
    var at = start
    while at < end {
      let next = classAndLength(at)
      guard !next.kind.isSpace, !next.kind.isLetterOrNumber else { break }
      at &+= next.length
    }
    return at
  }

  /// `\s*[\r\n]+`: up to the last end of a line in the white space. Nil if there is none.
  private func lineEnd(_ start: Int) -> Int? {
    var at = start
    var found: Int?
    while at < end {
      let next = classAndLength(at)
      guard next.kind.isSpace else { break }
      at &+= next.length
      if next.kind == .newline { found = at }
    }
    return found
  }

  /// `\s+(?!\S)|\s+`: all white space, but its last character if text follows it and it isn't alone.
  private func spaceEnd(_ start: Int) -> Int {
    var at = start
    var last = start
    while at < end {
      let next = classAndLength(at)
      guard next.kind.isSpace else { return last > start ? last : at }
      last = at
      at &+= next.length
    }
    return at
  }

  /// `'s|'t|'re|'ve|'m|'ll|'d`; in any case of letters but for GPT-2. Nil if there is none.
  private func contractionEnd(_ start: Int) -> Int? {
    guard unsafe text[start] == 0x27, start &+ 1 < end else { return nil }
    let first = letter(start &+ 1)
    switch first {
    case 0x73, 0x74, 0x6D, 0x64: return start &+ 2  // s t m d
    default: break
    }
    if start &+ 2 < end {
      let second = letter(start &+ 2)
      let isTwo =
        ((first == 0x72 || first == 0x76) && second == 0x65) || (first == 0x6C && second == 0x6C)  // re ve ll
      if isTwo { return start &+ 3 }
      // ſ, U+017F, is an s to a regular expression that ignores case.
      if split != .gpt2, unsafe text[start &+ 1] == 0xC5, unsafe text[start &+ 2] == 0xBF {
        return start &+ 3
      }
    }
    return nil
  }

  @inline(__always)
  private func letter(_ at: Int) -> UInt8 {
    let byte = unsafe text[at]
    return split != .gpt2 && byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }
}
