import Foundation
import SourcesTestSupport
import SwiftletConversion
import SwiftletSources
import SwiftletTokenizers
import Testing

/// What a `tokenizer.json` asks for is done as asked, or refused by name.
@Suite struct TokenizerJSONTests {
  /// What converting says of a fixture in which `from` is replaced by `to`; nil if it says nothing.
  private func refusal(_ name: String, _ from: String, _ to: String, size: Int? = nil) throws -> String? {
    let text = String(decoding: try bytes(kindFixture(name + ".json")), as: UTF8.self)
    #expect(text.contains(from), "\(from)")
    let place = text.range(of: from)
    return try refusal(place.map { text.replacingCharacters(in: $0, with: to) } ?? text, size: size)
  }

  private func refusal(_ text: String, size: Int? = nil) throws -> String? {
    let directory = try TemporaryDirectory()
    let path = try directory.write(text, to: "tokenizer.json")
    do throws(TokenizerSourceError) {
      let tokenizing = KindTokenizing(try tokenizerSection(file: path, size: size))
      #expect(throws: Never.self) { try tokenizing.open() }
      return nil
    } catch {
      #expect(error.description.hasPrefix(path))
      return String(error.description.dropFirst(path.count + 2))
    }
  }

  @Test(arguments: [
    (
      "gpt2", #""type":"ByteLevel","add_prefix_space":false"#,
      #""type":"Whitespace","add_prefix_space":false"#, "Whitespace"
    ),
    ("gpt2", #""normalizer":null"#, #""normalizer":{"type":"Lowercase"}"#, "Lowercase"),
    (
      "gpt2", #""normalizer":null"#, #""normalizer":{"type":"Strip","strip_left":true,"strip_right":true}"#,
      "normalizer"
    ),
    ("gpt2", #""dropout":null"#, #""dropout":0.1"#, "dropout"),
    ("gpt2", #""end_of_word_suffix":null"#, #""end_of_word_suffix":"</w>""#, "mark"),
    ("gpt2", #""decoder":{"type":"ByteLevel""#, #""decoder":{"type":"BPEDecoder""#, "BPEDecoder"),
    ("gpt2", #""single_word":false"#, #""single_word":true"#, "only found between words"),
    ("gpt2", #""unk_token":null"#, #""unk_token":"<none>""#, "<none>"),
    ("gpt2", #""type":"BPE""#, #""type":"WordLevel""#, "WordLevel"),
    ("llama3", #"{1,3}"#, #"{1,2}"#, "regular expression"),
    ("llama3", #""behavior":"Isolated""#, #""behavior":"Removed""#, "Isolated"),
    ("smollm", #""individual_digits":true"#, #""individual_digits":false"#, "digits"),
    ("mistral", #""prepend_scheme":"first""#, #""prepend_scheme":"last""#, "last"),
    ("mistral", #""replacement":"▁""#, #""replacement":"_""#, "'_' for a space"),
    ("bert", #""clean_text":true"#, #""clean_text":false"#, "control characters"),
    ("bert", #""type":"BertPreTokenizer""#, #""type":"WhitespaceSplit""#, "pre_tokenizer"),
    ("bert", #""unk_token":"[UNK]""#, #""unk_token":"[NONE]""#, "[NONE]"),
    ("bert", #""cleanup":true"#, #""cleanup":false"#, "decoder WordPiece"),
    ("bert", #""ids":[2]"#, #""ids":[99999]"#, "99999"),
    ("bert", #""type_id":0"#, #""type_id":16"#, "segment"),
    ("t5", #""unk_id":2"#, #""unk_id":99999"#, "99999"),
    ("t5", #""normalized":false"#, #""normalized":true"#, "normalized"),
    ("t5", #""precompiled_charsmap":""#, #""precompiled_charsmap":"!"#, "base 64"),
    ("xlm-roberta", #"" {2,}""#, #"" {3,}""#, "normalizer"),
    ("xlm-roberta", #""type":"Unigram""#, #""type":"Unknown""#, "Unknown"),
  ])
  func whatCannotBeHonouredIsRefusedByName(
    name: String, from: String, to: String, says: String
  ) throws {
    let said = try refusal(name, from, to)
    #expect(said?.contains(says) == true, "\(said ?? "nothing")")
  }

  @Test func verySmallChangesAreNoticed() throws {
    #expect(try refusal("gpt2", #""dropout":null"#, #""dropout":0"#) == nil)
    #expect(try refusal("gpt2", #""normalizer":null"#, #""normalizer":{"type":"NFC"}"#) == nil)
    #expect(try refusal("gpt2", #""truncation":null"#, #""truncation":{"max_length":5}"#) == nil)
    #expect(try refusal("gpt2", #""dropout":null"#, #""dropout":null"#, size: 800) == nil)
  }

  @Test func hostileFilesAreRefused() throws {
    func said(_ name: String, _ from: String, _ to: String) throws -> String {
      try refusal(name, from, to) ?? "nothing"
    }
    let deep = String(repeating: "[", count: 1_000) + String(repeating: "]", count: 1_000)
    #expect(try refusal(#"{"model":\#(deep)}"#)?.contains("nested more than 64 deep") == true)
    #expect(try refusal("{}")?.contains("model") == true)
    #expect(try refusal("[]") != nil)
    #expect(try refusal("") != nil)
    #expect(
      try said("gpt2", #""merges":["#, #""merges":[["Q","zzz"],"#) == "merge 0 names 'zzz', which is no token"
    )
    #expect(
      try said("gpt2", #""merges":["#, #""merges":[["Q","Z"],"#) == "merge 0 names 'QZ', which is no token")
    #expect(try said("gpt2", #""merges":["#, #""merges":["Q Z Z","#).contains("two texts"))
    #expect(try said("gpt2", #""merges":["#, #""merges":[["Q",7],"#).contains("a text"))
    #expect(try said("gpt2", #""!":1,"#, "") == "no token has id 1, though ids go up to 699")
    #expect(try said("gpt2", #""!":1,"#, #""!":2,"#).contains("id 2 is that of"))
    #expect(try said("gpt2", #""!":1,"#, #""!":1,"!":1,"#).contains("appears twice"))
    #expect(try said("gpt2", #""!":1,"#, #""!":99999999999999999999,"#).contains("out of") == false)
    #expect(
      try said("gpt2", #""!":1,"#, #""!":1048575,"#) == "token '!' has id 1048575; ids are 0 to 1048573")
    #expect(try said("gpt2", #""!":1,"#, #""!":-1,"#) == "token '!' has id -1; ids are 0 to 1048573")
    #expect(try said("gpt2", #""!":1,"#, #""!":1.5,"#) == "token '!' has id -1; ids are 0 to 1048573")
    #expect(
      try said("gpt2", #""id":0,"content":"<|endoftext|>""#, #""id":0,"content":"other""#).contains(
        "id 0 is that of"))
    #expect(try said("gpt2", #""id":0,"content""#, #""id":5,"content""#).contains("5"))
    #expect(try said("gpt2", #""id":0,"content""#, #""id":4294967296,"content""#).contains("4294967296"))
    #expect(try said("t5", #"["▁","#, #"["</s>","#).contains("</s>"))
    #expect(try refusal("gpt2", #""dropout":null"#, #""dropout":null"#, size: 1 << 40) != nil)
  }

  @Test func everyTruncationOfAFileIsAnError() throws {
    let text = try bytes(kindFixture("bert-cased.json"))
    let directory = try TemporaryDirectory()
    for count in stride(from: 0, to: text.count - 2, by: 61) {
      let path = try directory.write(text[..<count], to: "tokenizer.json")
      #expect(throws: TokenizerSourceError.self) { try tokenizerSection(file: path) }
    }
  }

  @Test func theLanguageOfATemplateIsReplaced() throws {
    let path = kindFixture("llama.json").path
    let tokenizing = KindTokenizing(try tokenizerSection(file: path, language: "<s>"))
    let tokenizer = try tokenizing.open()
    let text = Array("Hi".utf8)
    let ids = try tokenizing.encode(text, with: tokenizer)
    #expect(ids[0] == 1)
    #expect(try tokenizing.encode(text, with: tokenizer, language: 77) == [77] + ids.dropFirst())
    #expect(throws: TokenizerSourceError.self) { try tokenizerSection(file: path, language: "xyz") }
  }
}
