/// The tokenisation of mteval-v13a, which BLEU of the WMT campaigns is computed on: punctuation becomes words of its
/// own, but for points and commas between digits.
///
/// It does what sacrebleu's `13a` does, scalar by scalar.
enum Tokenizer13a {
  /// The words of a text.
  static func words(_ text: String) -> [String] {
    var scalars = Array(replaceEntities(text).unicodeScalars)
    scalars = separate(scalars, isSymbol)
    scalars = separate(scalars, { !isDigit($0) }, isPointOrComma, spaces: (false, true, true))
    scalars = separate(scalars, isPointOrComma, { !isDigit($0) }, spaces: (true, true, false))
    scalars = separate(scalars, isDigit, { $0 == "-" }, spaces: (false, true, true))
    return split(scalars)
  }

  /// What is between white space, as Python's `str.split` takes it.
  static func split(_ scalars: [UnicodeScalar]) -> [String] {
    scalars.split(whereSeparator: isSpace).map { word in
      var text = String.UnicodeScalarView()
      text.append(contentsOf: word)
      return String(text)
    }
  }

  /// Whether a scalar is white space to Python: what Unicode says, and four control codes.
  static func isSpace(_ scalar: UnicodeScalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }

  /// SGML's entities, words cut at the end of a line, and a mark of skipped text.
  private static func replaceEntities(_ text: String) -> String {
    var end = text.unicodeScalars.endIndex
    while end > text.unicodeScalars.startIndex {
      let before = text.unicodeScalars.index(before: end)
      guard isSpace(text.unicodeScalars[before]) else { break }
      end = before
    }
    var line = Array(text.unicodeScalars[..<end])
    for (old, new) in [
      ("<skipped>", ""), ("-\n", ""), ("\n", " "), ("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"),
      ("&gt;", ">"),
    ] { line = replace(Array(old.unicodeScalars), by: Array(new.unicodeScalars), in: line) }
    var result = String.UnicodeScalarView()
    result.append(" ")
    result.append(contentsOf: line)
    result.append(" ")
    return String(result)
  }

  private static func replace(
    _ old: [UnicodeScalar], by new: [UnicodeScalar], in text: [UnicodeScalar]
  ) -> [UnicodeScalar] {
    guard text.contains(old[0]) else { return text }
    var result: [UnicodeScalar] = []
    var index = 0
    while index < text.count {
      if text[index...].starts(with: old) {
        result += new
        index += old.count
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }

  /// ASCII's punctuation but for `'`, `,`, `-` and `.`; and the space.
  private static func isSymbol(_ scalar: UnicodeScalar) -> Bool {
    switch scalar {
    case "{"..."~", "["..."`", " "..."&", "("..."+", ":"..."@", "/": true
    default: false
    }
  }

  private static func isDigit(_ scalar: UnicodeScalar) -> Bool { ("0"..."9").contains(scalar) }
  private static func isPointOrComma(_ scalar: UnicodeScalar) -> Bool { scalar == "." || scalar == "," }

  /// Puts spaces around some scalars.
  private static func separate(
    _ text: [UnicodeScalar], _ isSeparate: (UnicodeScalar) -> Bool
  ) -> [UnicodeScalar] {
    text.flatMap { isSeparate($0) ? [" ", $0, " "] : [$0] }
  }

  /// Puts spaces before, between and after pairs of scalars. Pairs don't overlap: the leftmost ones are taken.
  private static func separate(
    _ text: [UnicodeScalar], _ isFirst: (UnicodeScalar) -> Bool, _ isSecond: (UnicodeScalar) -> Bool,
    spaces: (before: Bool, between: Bool, after: Bool)
  ) -> [UnicodeScalar] {
    var result: [UnicodeScalar] = []
    var index = 0
    while index < text.count {
      guard index + 1 < text.count, isFirst(text[index]), isSecond(text[index + 1]) else {
        result.append(text[index])
        index += 1
        continue
      }
      if spaces.before { result.append(" ") }
      result.append(text[index])
      if spaces.between { result.append(" ") }
      result.append(text[index + 1])
      if spaces.after { result.append(" ") }
      index += 2
    }
    return result
  }
}
