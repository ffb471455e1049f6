import SourcesTestSupport
import Swiftlet
import SwiftletConversion
import SwiftletKernelSelection
import Testing

/// Sources that come as tokens, which somebody else has cut.
struct SourceTokensTests {
  private static func translator(_ directory: TemporaryDirectory, batch: Int = 1) throws -> Translator {
    let path = "\(directory.path)/model.swiftlet"
    return try unsafe Translator(path: path, source: 12, target: 8, batch: batch)
  }

  private static func model() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try TinyMarian().writeWithText(to: directory)
    _ = try Converter.convert(directory.path, to: "\(directory.path)/model.swiftlet", QuantizationOptions())
    return directory
  }

  private static func refuses(_ tokens: [UInt32], _ translator: inout Translator) -> Bool {
    do throws(SwiftletError) {
      try translator.add(tokens: tokens.span)
      return false
    } catch {
      return true
    }
  }

  private static func copy(_ ids: Span<UInt32>) -> [UInt32] { ids.indices.map { ids[$0] } }

  @Test func tokensAreTranslatedAsTheirText() throws {
    let directory = try Self.model()
    defer { withExtendedLifetime(directory) {} }
    var translator = try Self.translator(directory)
    try translator.translate(Array("a b a".utf8).span)
    let (source, target) = (Self.copy(translator.sourceIDs), Self.copy(translator.ids))
    #expect(source.count > 1 && !target.isEmpty)
    translator.clear()
    try translator.add(tokens: source.span)
    translator.translateAll()
    try translator.select(0)
    #expect(Self.copy(translator.sourceIDs) == source && Self.copy(translator.ids) == target)
  }

  /// What is refused leaves the batch as it was.
  @Test func wrongTokensAreRefused() throws {
    let directory = try Self.model()
    defer { withExtendedLifetime(directory) {} }
    var translator = try Self.translator(directory, batch: 2)
    let vocabulary = UInt32(translator.model.architecture.sourceVocabulary)
    try translator.add(tokens: [2, 0].span)
    #expect(Self.refuses([2, vocabulary, 0], &translator))
    #expect(Self.refuses([.max], &translator))
    #expect(Self.refuses([UInt32](repeating: 2, count: 13), &translator))
    #expect(translator.batchCount == 1)
    // Nothing has nothing as its translation.
    try translator.add(tokens: [UInt32]().span)
    translator.translateAll()
    try translator.select(1)
    #expect(translator.ids.isEmpty && translator.text.isEmpty)
  }
}
