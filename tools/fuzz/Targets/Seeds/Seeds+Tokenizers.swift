import Foundation
import SourcesTestSupport
import SwiftletConversion
import SwiftletSources

/// Files of tokenizers, and what they become.
extension Seeds {
  private static let text = Array("Hello, a b ▁中 42 <s>".utf8)

  static func sentencePiece() throws -> [[UInt8]] {
    let marian = try TemporaryDirectory()
    try TinyMarian().writeText(to: marian)
    let small = try ["kept.model", "suffix.model", "bytes.model", "Kinds/sp-pairs-kept.model"].map(fixture)
    return (small + [file("source.spm", in: marian)]).map { Parts.join([text, $0]) }
  }

  static func tokenizerJSON() throws -> [[UInt8]] {
    let kinds = [
      "gpt2", "llama3", "qwen2", "smollm", "roberta", "llama", "mistral", "bert", "t5", "xlm-roberta",
    ]
    return try kinds.map { Parts.join([text, try fixture("Kinds/\($0).json")]) }
      + [
        ###"{"model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":9,"vocab":{"[UNK]":0,"a":1,"##b":2}},"normalizer":{"type":"BertNormalizer","lowercase":true},"pre_tokenizer":{"type":"BertPreTokenizer"},"decoder":{"type":"WordPiece"}}"###,
        ###"{"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2,"Ġ":3},"merges":["a b"]},"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false},"decoder":{"type":"ByteLevel"},"added_tokens":[{"id":4,"content":"<s>","special":true,"lstrip":true}]}"###,
        ###"{"model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["▁a",-1.5],["b",-2]]},"pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"},"decoder":{"type":"Metaspace","replacement":"▁"}}"###,
      ].map { Parts.join([text, Array($0.utf8)]) }
  }

  static func vocabularies() throws -> [[UInt8]] {
    let pieces = Array(FamilyGolden.tokens.joined(separator: "\n").utf8)
    let lower = Array(#"{"do_lower_case": true, "add_bos_token": true, "add_eos_token": false}"#.utf8)
    let bytes =
      (0...255).map { "\"\(byteCharacter($0))\": \($0)" } + ["\"ab\": 256", "\"<|endoftext|>\": 257"]
    let pairs = Array("{\(bytes.joined(separator: ", "))}".utf8)
    return [
      Parts.join([text, pieces, [], [], lower, []]),
      Parts.join([text, [], pairs, Array("#version: 0.2\na b\n".utf8), [], []]),
      Parts.join([text, [], [], [], lower, try fixture("kept.model")]),
      Parts.join([text, [], [], [], [], try fixture("Kinds/sp-pairs-kept.model")]),
    ]
  }

  /// GPT-2's character for a byte, in JSON.
  private static func byteCharacter(_ byte: Int) -> String {
    let shown = Array(0x21...0x7E) + Array(0xA1...0xAC) + Array(0xAE...0xFF)
    let hidden = (0...255).filter { !shown.contains($0) }
    let scalar = hidden.firstIndex(of: byte).map { 0x100 + $0 } ?? byte
    return String(format: "\\u%04x", scalar)
  }

  static func sections() throws -> [[UInt8]] {
    let characters = try characterSection(
      texts: ["<s>", "</s>", "<unk>", "a", "b", "é"], controlIDs: [0, 1], unknownID: 2, before: [0],
      after: [1])
    let models = try ["kept.model", "suffix.model", "bytes.model", "Kinds/sp-pairs-kept.model"].map { name in
      try sentencePieceSection(
        try SentencePieceModel(try fixture(name), types: [.unigram, .bytePairs]))
    }
    let directory = try TemporaryDirectory()
    try TinyMarian().writeText(to: directory)
    let marian = try SentencePieceModel(file("source.spm", in: directory))
    let plain = try unigramSection(
      model: marian, vocabulary: try Vocabulary(json: file("vocab.json", in: directory)), unknownID: 1,
      takesLanguageCodes: true)
    let others = try tokenizerJSON().compactMap { seed in
      let bytes = unsafe seed.withUnsafeBytes { unsafe Array(Parts.split($0, 2)[1]) }
      return try? tokenizerSection(file: try directory.write(bytes, to: "tokenizer.json"))
    }
    return ([characters, plain] + models + others).filter { $0.count < 1 << 15 }.map {
      Parts.join([text, $0])
    }
  }
}
