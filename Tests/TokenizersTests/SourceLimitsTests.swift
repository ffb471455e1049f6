import Foundation
import SourcesTestSupport
import SwiftletSources
import SwiftletTokenizers
import Testing

@testable import SwiftletConversion

/// What is read of a tokenizer's files has limits: each is reached, and one more is refused with its number.
@Suite struct SourceLimitsTests {
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "accepted"
    } catch { return "\(error)" }
  }

  /// The tokens `a`, `b`, `ab` and others.
  private func tokenizer(
    more: String = "", merges: String = "\"a b\"", template: String? = nil, pair: String = "[]"
  ) throws -> [UInt8] {
    let processor =
      template.map {
        #","post_processor":{"type":"TemplateProcessing","single":\#($0),"pair":\#(pair),"special_tokens":{"a":{"ids":[0]}}}"#
      } ?? ""
    let text =
      #"{"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false},"decoder":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2\#(more)},"merges":[\#(merges)]}\#(processor)}"#
    return try tokenizerSection(file: try TemporaryDirectory().write(text, to: "tokenizer.json"))
  }

  @Test func bytesOfAToken() throws {
    func read(_ bytes: Int) -> String {
      message { _ = try tokenizer(more: ",\"\(String(repeating: "c", count: bytes))\":3") }
    }
    #expect(read(4095) == "accepted")
    #expect(read(4096).hasSuffix("…' has 4096 bytes; the limit is 4095"))
  }

  @Test func ids() throws {
    #expect(
      message { _ = try tokenizer(more: ",\"c\":1048573") }.hasSuffix(
        "no token has id 3, though ids go up to 1048573"))
    #expect(
      message { _ = try tokenizer(more: ",\"c\":1048574") }.hasSuffix(
        "token 'c' has id 1048574; ids are 0 to 1048573"))
  }

  @Test func merges() throws {
    func read(_ count: Int) -> String {
      message {
        _ = try tokenizer(merges: [String](repeating: "\"a b\"", count: count).joined(separator: ","))
      }
    }
    #expect(read(1_048_576) == "accepted")
    #expect(read(1_048_577).contains("merge 1048576: more than 1,048,575"))
  }

  private func items(_ count: Int) -> String {
    let tokens = [String](repeating: #"{"SpecialToken":{"id":"a","type_id":0}}"#, count: count)
    return "[\(tokens.joined(separator: ","))]"
  }

  @Test func itemsOfATemplate() throws {
    #expect(Tokenizer.mostTemplateItems == 64)
    #expect(message { _ = try tokenizer(template: items(64), pair: items(64)) } == "accepted")
    #expect(
      message { _ = try tokenizer(template: items(65)) }.hasSuffix(
        "post_processor: a template of 65 items (at most 64) is not supported"))
    #expect(
      message { _ = try tokenizer(template: items(1), pair: items(65)) }.hasSuffix(
        "a template of 65 items (at most 64) is not supported"))
  }

  /// The runtime's own: encoding looks at all items for each of them.
  @Test func itemsOfASection() throws {
    let tokenizing = KindTokenizing(try tokenizer(template: items(64), pair: items(64)))
    defer { withExtendedLifetime(tokenizing) {} }
    let entry = 48 + 8 * 13
    let bytes = unsafe tokenizing.section.loadUnaligned(fromByteOffset: entry + 4, as: UInt32.self)
    #expect(bytes == 4 * 129)
    _ = try tokenizing.open()
    // One more, of what lies at the section's start of tables.
    unsafe tokenizing.section.storeBytes(of: 184, toByteOffset: entry, as: UInt32.self)
    unsafe tokenizing.section.storeBytes(of: bytes + 4, toByteOffset: entry + 4, as: UInt32.self)
    #expect(throws: TokenizerError.templateTooLong(items: 129, limit: 128)) { try tokenizing.open() }
    #expect(
      TokenizerError.templateTooLong(items: 129, limit: 128).description
        == "the tokenizer's template has 129 items; at most 128 are read")
  }

  @Test func linesOfAVocabulary() throws {
    func read(_ lines: Int) throws -> String {
      let directory = try TemporaryDirectory(inMemory: true)
      try directory.write([UInt8](repeating: 0x0A, count: lines), to: "vocab.txt")
      return message { _ = try tokenizerSection(directory: directory.path) }
    }
    #expect(try read(2_000_000).contains("token '' is in the vocabulary twice"))
    #expect(try read(2_000_001).hasSuffix("the file is 2000001 lines, expected at most 2000000 lines"))
  }

  @Test func bytesOfAVocabulary() throws {
    func read(_ bytes: Int) throws -> String {
      let directory = try TemporaryDirectory()
      let path = try directory.write([], to: "tokenizer.model")
      try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: UInt64(bytes))
      return message { _ = try tokenizerSection(directory: directory.path) }
    }
    #expect(try read(SourceLimits.textBytes).hasSuffix("the field at byte 0 has number 0"))
    #expect(try read(SourceLimits.textBytes + 1).hasSuffix("has 100000001 bytes: at most 100000000 are read"))
  }

  /// Many keys that all have one long replacement: little to store, much to walk.
  @Test func bytesOfANormalisersRules() throws {
    func read(replacement: Int) throws -> String {
      let units = try DoubleArrayBuilder.build(
        (1...255).map { [UInt8($0)] }, values: [UInt32](repeating: 0, count: 255))
      var normalizer = SentencePieceModel.Normalizer()
      normalizer.precompiledCharsmap =
        littleEndian([UInt32(4 * units.count)] + units) + [UInt8](repeating: 0x61, count: replacement) + [0]
      return message { _ = try Charsmap(normalizer) }
    }
    #expect(try read(replacement: 16_000) == "accepted")
    #expect(try read(replacement: 17_000).contains("more than 4194304 bytes of keys and replacements"))
  }
}
