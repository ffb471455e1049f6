import SourcesTestSupport
import SwiftletFamilies
import SwiftletModelFile
import Testing

/// What checkpoints call the same things, and what they say beside their weights.
@Suite struct NamesTests {
  private func load(_ golden: FamilyGolden, _ files: [String: String] = [:]) throws -> ImportedModel {
    let directory = try TemporaryDirectory()
    try golden.write(to: directory)
    for (name, text) in files { try directory.write(text, to: name) }
    return try ModelImporter.load(directory.path)
  }

  @Test func prefixesMayBeMissing() throws {
    for (name, prefix) in [("bart", "model."), ("gpt2", "transformer."), ("bert-masked", "bert.")] {
      let golden = try FamilyGolden(name)
      let (full, bare) = (
        try load(golden), try load(try golden.renamingTensors { $0.removing(prefix: prefix) })
      )
      #expect(full.architecture == bare.architecture)
      #expect(full.tensors.count == bare.tensors.count)
    }
  }

  @Test func normsMayHaveTensorFlowsNames() throws {
    let golden = try FamilyGolden("bert").renamingTensors {
      $0.replacing("LayerNorm.weight", with: "LayerNorm.gamma").replacing(
        "LayerNorm.bias", with: "LayerNorm.beta")
    }
    let norm = try load(golden).tensor(TensorName(.encoder, .embeddingNorm))
    #expect(norm.rows.identity?.contains("embeddings.LayerNorm.beta") == true)
  }

  @Test func languagesAreInTheMetadata() throws {
    let files = [
      "added_tokens.json":
        #"{"__fr__": 31, "__en__": 30, "<mask>": 32, "fra_Latn": 33, "de_DE": 34, "__xx__": 99}"#
    ]
    let model = try load(try FamilyGolden("m2m100"), files)
    let languages = model.metadata.filter { $0.key.hasPrefix("language-") }.map { "\($0.key)=\($0.value)" }
    #expect(languages == ["language-en=30", "language-fr=31", "language-fra_Latn=33", "language-de_DE=34"])
    #expect(model.architecture.firstPosition == 2)
  }

  @Test func charactersAreTokens() throws {
    let golden = try FamilyGolden("bart")
    let directory = try TemporaryDirectory()
    try golden.write(
      to: directory, replacing: "\"vocab_size\"",
      with: "\"grapheme_chars\": \"____ab'\", \"phoneme_chars\": \"____ˈ\u{e6}\", \"vocab_size\"",
      in: "config.json")
    let tokens = try #require(try ModelImporter.load(directory.path).tokens)
    #expect(tokens.source == ["<s>", "<pad>", "</s>", "<unk>", "a", "b", "'"])
    #expect(tokens.target == ["<s>", "<pad>", "</s>", "<unk>", "ˈ", "\u{e6}"])
    #expect(tokens.before == [0] && tokens.after == [2] && tokens.unknown == 3)
  }

  @Test func labelsAreInTheMetadata() throws {
    let model = try load(try FamilyGolden("bert-classes"))
    #expect(model.metadata("label-2") == "LABEL_2")
    #expect(model.architecture.head.classes == 3)
  }

  @Test func sentencesHaveTheirLongest() throws {
    let model = try load(
      try FamilyGolden("sentence-mean"), ["sentence_bert_config.json": #"{"max_seq_length": 12}"#])
    #expect(model.architecture.positions == 12)
    #expect(model.architecture.head.pooling == .mean && model.architecture.head.isNormalized)
  }
}

extension String {
  fileprivate func removing(prefix: String) -> String {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
  }
}
