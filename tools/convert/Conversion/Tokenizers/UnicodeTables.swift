import Foundation
import SwiftletTokenizers
import Synchronization

/// Tables about characters, made of what this machine's Unicode data says.
enum UnicodeTables {
  /// Runs of characters with one value: the first character above, the value in the lowest 8 bits.
  static func runs(_ value: (Unicode.Scalar) -> UInt8) -> [UInt32] {
    var runs: [UInt32] = []
    var last: UInt8 = 0
    for number in UInt32(0x80)...0x10FFFF {
      let next = Unicode.Scalar(number).map(value) ?? 0
      if next != last { runs.append(number << 8 | UInt32(next)) }
      last = next
    }
    return runs
  }

  /// Letters, numbers and white space, for the regular expressions that cut words.
  static let wordClasses = runs { scalar in
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: 1
    case .decimalNumber, .letterNumber, .otherNumber: 2
    default: scalar.properties.isWhitespace ? 3 : 0
    }
  }

  /// Sets the tables of the form NFC: decompositions, compositions and combining classes.
  static func addComposition(to contents: inout SectionContents) throws(UnigramSectionError) {
    try composition.get().copy(to: &contents)
  }

  private static let composition = made(makeComposition)

  private static func makeComposition(_ contents: inout SectionContents) throws(UnigramSectionError) {
    var rules: [(from: [UInt8], to: [UInt8])] = []
    var pairs: [(key: [UInt8], value: UInt32)] = []
    for scalar in composable {
      let text = String(scalar)
      let decomposed = text.decomposedStringWithCanonicalMapping.unicodeScalars
      guard Array(decomposed) != [scalar] else { continue }
      rules.append((Array(text.utf8), Array(String(String.UnicodeScalarView(decomposed)).utf8)))
      // What composes again is the pair of a shorter composed text and one mark.
      let composed = text.precomposedStringWithCanonicalMapping.unicodeScalars
      guard Array(composed) == [scalar], let mark = decomposed.last else { continue }
      let head = String(String.UnicodeScalarView(decomposed.dropLast())).precomposedStringWithCanonicalMapping
      pairs.append((Array(head.utf8) + Array(String(mark).utf8), scalar.value))
    }
    try setRules(rules, of: &contents)
    contents.expansion = max(contents.expansion, 3)  // a Hangul syllable becomes three letters
    contents[.compositions] = littleEndian(try doubleArray(pairs.map(\.key), pairs.map(\.value)))
    contents[.combiningClasses] = littleEndian(runs { $0.properties.canonicalCombiningClass.rawValue })
  }

  /// Sets the tables of BERT's normaliser and pre-tokeniser.
  static func addWordPieceText(
    _ text: WordPieceText, to contents: inout SectionContents
  ) throws(UnigramSectionError) {
    let tables = wordPieceTexts.withLock { texts in
      if let tables = texts[text] { return tables }
      let tables = made { (contents) throws(UnigramSectionError) in try makeWordPieceText(text, &contents) }
      texts[text] = tables
      return tables
    }
    try tables.get().copy(to: &contents)
  }

  private static let wordPieceTexts = Mutex<[WordPieceText: Result<CharacterTables, UnigramSectionError>]>([:]
  )

  private static func makeWordPieceText(
    _ text: WordPieceText, _ contents: inout SectionContents
  ) throws(UnigramSectionError) {
    var rules: [(from: [UInt8], to: [UInt8])] = []
    var isLeftOut = [Bool](repeating: false, count: 0x110000)
    for scalar in everyScalar where !(0xAC00..<0xD7A4).contains(scalar.value) {
      let replaced = replacement(scalar, text)
      isLeftOut[Int(scalar.value)] = replaced.isEmpty
      // Beyond ASCII, classes say what is left out: there is much of it.
      if replaced != [scalar] && !(replaced.isEmpty && scalar.value >= 0x80) {
        rules.append((Array(String(scalar).utf8), replaced.flatMap { Array(String($0).utf8) }))
      }
    }
    // No trie holds zero: the runtime leaves it out by itself.
    try setRules(rules.filter { $0.from != [0] }, of: &contents)
    contents.expansion = max(contents.expansion, 3)
    contents[.characterClasses] = littleEndian(
      runs { scalar in
        if text.isolatesIdeographs && isIdeograph(scalar) { return 6 }
        if isLeftOut[Int(scalar.value)] { return 7 }
        switch oldCategory(scalar) {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
          .initialPunctuation, .finalPunctuation, .otherPunctuation:
          return 5
        default: return scalar.properties.isWhitespace ? 3 : 0
        }
      })
  }

  /// What BERT's normaliser makes of a character.
  private static func replacement(_ scalar: Unicode.Scalar, _ text: WordPieceText) -> [Unicode.Scalar] {
    if scalar.properties.generalCategory == .unassigned { return [scalar] }
    if scalar.value == 0xFFFD || isControl(scalar) { return [] }
    if scalar.properties.isWhitespace { return [" "] }
    var scalars = [scalar]
    if text.stripsAccents {
      scalars = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars.filter {
        oldCategory($0) != .nonspacingMark
      }
    }
    if text.lowercases { scalars = scalars.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) } }
    return scalars
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    if ["\t", "\n", "\r"].contains(scalar) { return false }
    switch oldCategory(scalar) {
    case .control, .format, .privateUse: return true
    default: return false
    }
  }

  /// The category as of Unicode 8: what Hugging Face's tokenizers know of accents, punctuation and control characters.
  private static func oldCategory(_ scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
    switch scalar.value {
    case 0x1734: return .nonspacingMark
    case 0x1885, 0x1886: return .otherLetter
    case 0xA9BD: return .spacingMark
    case 0x166D, 0x111C9: return .otherPunctuation
    default: break
    }
    let category = scalar.properties.generalCategory
    if category == .control || category == .privateUse { return category }
    guard let age = scalar.properties.age, age.major <= 8 else { return .unassigned }
    return category
  }

  /// The blocks that BERT takes for Chinese, as the reference has them.
  private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }

  /// All characters but those that have no properties of interest.
  private static let everyScalar = (UInt32(0)...0x10FFFF).compactMap { Unicode.Scalar($0) }
  /// Where canonical decompositions are: not among Hangul syllables, which arithmetic composes.
  private static let composable = [
    UInt32(0xC0)..<0x3400, 0xA000..<0xAC00, 0xF900..<0x10000, 0x10000..<0x20000, 0x2F800..<0x2FA20,
  ].flatMap { $0.compactMap { Unicode.Scalar($0) } }

  private static func setRules(
    _ rules: [(from: [UInt8], to: [UInt8])], of contents: inout SectionContents
  ) throws(UnigramSectionError) {
    var replacements: [UInt8] = []
    var places: [[UInt8]: UInt32] = [:]
    var values: [UInt32] = []
    for rule in rules {
      if let place = places[rule.to] {
        values.append(place)
      } else {
        places[rule.to] = UInt32(replacements.count)
        values.append(UInt32(replacements.count))
        replacements += rule.to + [0]
      }
      contents.expansion = max(contents.expansion, (rule.to.count + rule.from.count - 1) / rule.from.count)
    }
    contents[.rules] = littleEndian(try doubleArray(rules.map(\.from), values))
    contents[.replacements] = replacements
  }

  /// What `make` sets.
  private static func made(
    _ make: (inout SectionContents) throws(UnigramSectionError) -> Void
  ) -> Result<CharacterTables, UnigramSectionError> {
    Result { () throws(UnigramSectionError) in
      var contents = SectionContents()
      try make(&contents)
      return CharacterTables(contents)
    }
  }
}

/// The tables of a section that are about characters alone. They are made once: it takes a look at each character there
/// is, which is longer than all the rest of a small model's conversion.
private struct CharacterTables: Sendable {
  private let expansion: Int
  private let tables: [(SectionTable, [UInt8])]

  init(_ contents: SectionContents) {
    expansion = contents.expansion
    let kinds: [SectionTable] = [
      .rules, .replacements, .compositions, .combiningClasses, .characterClasses,
    ]
    tables = kinds.map { ($0, contents[$0]) }.filter { !$0.1.isEmpty }
  }

  func copy(to contents: inout SectionContents) {
    contents.expansion = max(contents.expansion, expansion)
    for (kind, bytes) in tables { contents[kind] = bytes }
  }
}
