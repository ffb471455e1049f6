/// Files of tokenizers with as many tokens as the tiny models of `FamilyGolden`: 40.
package enum TinyTokenizers {
  /// A JSON object of tokens and ids.
  private static func vocabulary(_ tokens: [String]) -> String {
    "{\(tokens.enumerated().map { "\"\($0.element)\":\($0.offset)" }.joined(separator: ","))}"
  }

  private static let letters = "abcdefghijklmnopqrstuvwxyz".map { String($0) }

  /// Byte pairs of characters, as Llama has them, without byte fallback.
  package static let characterPairs = """
    {"added_tokens":[{"id":1,"content":"<s>","special":true,"normalized":false}],
    "normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},
    {"type":"Replace","pattern":{"String":" "},"content":"▁"}]},
    "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},
    {"Sequence":{"id":"A","type_id":0}}],"pair":[],"special_tokens":{"<s>":{"ids":[1]}}},
    "decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},
    {"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},
    "model":{"type":"BPE","unk_token":"<unk>","fuse_unk":true,"vocab":
    \(vocabulary(["<unk>", "<s>", "</s>"] + letters + ["▁", "ab", "▁a", "bc", "abc", "é", "de", "fg", "hi", "▁t", "▁th"])),
    "merges":["a b","▁ a","b c","ab c","d e","f g","h i","▁ t","▁t h"]}}
    """

  /// Byte pairs of bytes, as GPT-2 has them.
  package static let bytePairs = """
    {"added_tokens":[{"id":0,"content":"<|endoftext|>","special":true,"normalized":false}],
    "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false},"decoder":{"type":"ByteLevel"},
    "model":{"type":"BPE","vocab":\(vocabulary),
    "merges":["a b","Ġ a","b c","ab c","Ã ©","d e","f g","h i","Ġ t","Ġt h"]}}
    """

  /// The same as `vocab.json` and `merges.txt`.
  package static let vocabulary = vocabulary(
    ["<|endoftext|>"] + letters
      + ["Ġ", "ab", "Ġa", "bc", "abc", "Ã", "©", "Ã©", "de", "fg", "hi", "Ġt", "Ġth"])
  package static let merges = "#version: 0.2\na b\nĠ a\nb c\nab c\nÃ ©\nd e\nf g\nh i\nĠ t\nĠt h\n"

  /// Pieces with scores, as T5 has them.
  package static let unigram = """
    {"added_tokens":[{"id":1,"content":"</s>","special":true,"normalized":false}],
    "pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"},
    "post_processor":{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}},
    {"SpecialToken":{"id":"</s>","type_id":0}}],"pair":[],"special_tokens":{"</s>":{"ids":[1]}}},
    "decoder":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"},
    "model":{"type":"Unigram","unk_id":2,"vocab":[["<pad>",0],["</s>",0],["<unk>",0],
    \((letters + ["▁", "ab", "▁a", "bc", "abc", "é", "de", "fg", "hi", "▁t", "▁th"]).enumerated().map { "[\"\($0.element)\",-\($0.offset + 1).5]" }.joined(separator: ","))]}}
    """
}
