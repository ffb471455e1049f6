import SwiftletSources
import SwiftletTokenizers

/// What a tokenizer is, in the runtime's terms, on its way to an `SwTK` section.
struct TokenizerSection {
  /// A token that is looked for in text before it is cut.
  struct AddedToken {
    var text: [UInt8]
    var id: Int
    /// Takes the white space before it, behind it.
    var takesBefore = false
    var takesAfter = false
    /// Is looked for in normalised text.
    var isNormalized = false
  }

  /// A part of a template.
  enum TemplateItem: Equatable {
    case token(Int, segment: Int)
    case first(segment: Int)
    case second(segment: Int)
    /// A token that the caller can replace.
    case language(Int)

    fileprivate var word: UInt32 {
      switch self {
      case .token(let id, let segment): UInt32(id) | UInt32(segment) << 20
      case .first(let segment): 1 << 24 | UInt32(segment) << 20
      case .second(let segment): 2 << 24 | UInt32(segment) << 20
      case .language(let id): 3 << 24 | UInt32(id)
      }
    }
  }

  /// The header's options: the bits are `FORMAT.md`'s.
  struct Options: OptionSet {
    let rawValue: UInt16
    static let bytes = Options(rawValue: 1 << 0)
    static let ignoresMerges = Options(rawValue: 1 << 1)
    static let fusesUnknown = Options(rawValue: 1 << 2)
    static let addsSpace = Options(rawValue: 1 << 3)
    static let composes = Options(rawValue: 1 << 4)
    static let splitsAtSpaceSymbols = Options(rawValue: 1 << 5)
    static let isolatesDigits = Options(rawValue: 1 << 6)
    static let decomposesHangul = Options(rawValue: 1 << 7)
    static let prefixesFirstOnly = Options(rawValue: 1 << 8)
    static let prefixesUnlessPresent = Options(rawValue: 1 << 9)
    static let dropsFirstSpaces = Options(rawValue: 1 << 10)
  }

  var contents = SectionContents()
  var options: Options = []
  var added: [AddedToken] = []
  /// What stands around one text, and around a pair. Empty: nothing.
  var single: [TemplateItem] = []
  var pair: [TemplateItem] = []

  /// The section's bytes.
  func section() throws(UnigramSectionError) -> [UInt8] {
    var contents = contents
    contents.options = options.rawValue
    contents[.addedTokens] = littleEndian(
      added.map { UInt32($0.id) | ($0.takesBefore ? 1 << 30 : 0) | ($0.takesAfter ? 1 << 31 : 0) })
    contents[.addedTexts] = littleEndian(try addedTexts { !$0.isNormalized })
    contents[.addedNormalizedTexts] = littleEndian(try addedTexts(where: \.isNormalized))
    if !single.isEmpty || !pair.isEmpty {
      let lists = (single.isEmpty ? [.first(segment: 0)] : single) + pair
      let count = lists.count - pair.count
      contents[.template] = littleEndian([UInt32(count)] + lists.map(\.word))
    }
    return contents.section(general: true)
  }

  private func addedTexts(
    where isWanted: (AddedToken) -> Bool
  ) throws(UnigramSectionError) -> [UInt32] {
    let places = added.indices.filter { isWanted(added[$0]) }
    guard !places.isEmpty else { return [] }
    return try doubleArray(places.map { added[$0].text }, places.map { UInt32($0) })
  }
}
