import Foundation
import SourcesTestSupport
import Testing

/// The commands that run encoders alone, decoders alone and tokenizers.
@Suite(.serialized) struct TasksTests {
  @Test func vectorsAreTheSameInEveryForm() throws {
    let command = ["embed", FamilyModel.path("sentence-mean")]
    let texts = ["a b c", "h e l l o", ""]
    let lines = try swiftlet(command, lines: texts).text.split(separator: "\n")
    let json = try objects(try swiftlet(command + ["--json"], lines: texts))
    let raw = try swiftlet(command + ["--raw"], lines: texts).output
    #expect(lines.count == 3 && json.count == 3 && raw.count == 3 * 16 * 4)
    for (row, line) in lines.enumerated() {
      let numbers = line.split(separator: " ").compactMap { Float($0) }
      let bytes = raw[(64 * row)..<(64 * row + 64)]
      let floats = (0..<16).map { place in
        Float(bitPattern: bytes.dropFirst(4 * place).prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) })
      }
      #expect(numbers == floats)
      #expect((json[row]["embedding"] as? [Double])?.map { Float($0) } == floats)
      #expect(abs(floats.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }
    #expect(json[0]["tokens"] as? Int == 5 && json[2]["tokens"] as? Int == 2)
  }

  @Test func similarityIsACosine() throws {
    let command = ["embed", FamilyModel.path("sentence-mean"), "--similarity"]
    #expect(try swiftlet(command + ["a b", "a b"]).text == "1.000000\n")
    let pair = try swiftlet(command + ["a b", "q r s"])
    #expect(try swiftlet(command, lines: ["a b\tq r s", "alone"]).text == pair.text + "\n")
    let alone = try swiftlet(command, lines: ["alone"])
    #expect(alone.complaints == ["swiftlet: error: line 1: there is no TAB between two texts"])
    #expect(alone.status == 1)
    #expect(try swiftlet(command + ["a"]).status == 2)
  }

  @Test func poolingMustBeKnown() throws {
    let model = FamilyModel.path("bert")
    let refused = try swiftlet(["embed", model, "a"])
    #expect(refused.status == 1 && refused.errors.contains("give --pooling mean, first, last or max"))
    let vectors = try ["mean", "first", "last", "max"].map {
      try swiftlet(["embed", model, "--pooling", $0, "a b c"]).text
    }
    #expect(Set(vectors).count == 4 && !vectors.contains(""))
  }

  @Test func longTextsAreErrorsOrCut() throws {
    let command = ["embed", FamilyModel.path("sentence-mean"), "--max-source", "6"]
    let long = try swiftlet(command, lines: ["a b c d", "a b c d e"])
    #expect(
      long.complaints == ["swiftlet: error: line 2: too long: 7 tokens, at most 6; raise --max-source"])
    let cut = try swiftlet(command + ["--truncate"], lines: ["a b c d", "a b c d e"])
    let lines = cut.text.split(separator: "\n")
    #expect(cut.status == 0 && lines.count == 2 && lines[0] == lines[1])
    let raw = try swiftlet(command + ["--raw"], lines: ["a b c d e", "a"]).output
    #expect(raw.count == 128 && Array(raw[0..<4]) == [0, 0, 0xC0, 0x7F])
    // The second text of a pair is cut, and keeps the template's tokens.
    let pair = ["classify", FamilyModel.path("bert-classes"), "--max-source", "7", "--truncate", "--json"]
    let found = try swiftlet(pair, lines: ["a b\tc d", "a b\tc d e f"]).text.split(separator: "\n")
    #expect(found.count == 2 && found[0] == found[1])
  }

  @Test func classesHaveLabelsAndProbabilities() throws {
    let command = ["classify", FamilyModel.path("bert-classes")]
    let best = try swiftlet(command + ["a b"]).text.split(separator: "\t").map(String.init)
    #expect(best.count == 2 && best[0].hasPrefix("LABEL_"))
    let all = try swiftlet(command + ["--top", "64", "a b"]).text
    let rows = all.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(
      rows.count == 3 && all.hasSuffix("\n\n") && rows[0].map(String.init).joined() == best.joined().trimmed)
    #expect(abs(rows.compactMap { Double($0[1]) }.reduce(0, +) - 1) < 1e-5)
    // A pair is not its two texts in a row: the second has another segment.
    let two = try swiftlet(command + ["--top", "3", "a\tb", "a b"]).text.components(separatedBy: "\n\n")
    #expect(two[0] != two[1])
    let json = try objects(try swiftlet(command + ["--json", "--top", "2", "a b"]))
    #expect(json[0]["label"] as? String == best[0] && (json[0]["classes"] as? [Any])?.count == 2)
  }

  @Test func tokensHaveClasses() throws {
    let command = ["classify", FamilyModel.path("bert-tokens")]
    let lines = try swiftlet(command + ["ab c"]).text.components(separatedBy: "\n")
    #expect(lines.count == 5 && lines.suffix(2) == ["", ""])
    #expect(lines.prefix(3).map { $0.components(separatedBy: "\t")[0] } == ["a", "##b", "c"])
    let tokens = try objects(try swiftlet(command + ["--json", "ab c"]))[0]["tokens"] as? [[String: Any]]
    #expect(tokens?.compactMap { $0["token"] as? String } == ["a", "##b", "c"])
  }

  @Test func masksAreFilled() throws {
    let command = ["fill", FamilyModel.path("bert-masked")]
    let lines = try swiftlet(command + ["--top", "3", "a [MASK] c"]).text.components(separatedBy: "\n")
    #expect(lines.count == 5)
    for line in lines.prefix(3) {
      let fields = line.components(separatedBy: "\t")
      #expect(fields.count == 3 && fields[2].hasPrefix("a") && fields[2].hasSuffix("c"))
    }
    let json = try objects(try swiftlet(command + ["--json", "[MASK] b [MASK]"]))
    let masks = try #require(json[0]["masks"] as? [[String: Any]])
    #expect(masks.map { $0["position"] as? Int } == [1, 3])
    #expect(masks.allSatisfy { ($0["candidates"] as? [Any])?.count == 5 })
    let none = try swiftlet(command + ["a b"])
    #expect(none.complaints == ["swiftlet: error: argument 1: the text has no [MASK] or <mask>"])
  }

  @Test func textsBecomeTokensAndBack() throws {
    let model = FamilyModel.path("bert")
    #expect(
      try swiftlet(["tokenize", model, "ab c", ""]).text
        == "2:[CLS] 5:a 32:##b 7:c 3:[SEP]\n2:[CLS] 3:[SEP]\n")
    #expect(try swiftlet(["tokenize", model, "--ids", "ab c"]).text == "2 5 32 7 3\n")
    #expect(try swiftlet(["tokenize", model, "--decode", "2 5,32\t7 3", "2 40"]).text == "ab c\n\n")
    #expect(
      try swiftlet(["tokenize", model, "--decode", "2 40"]).complaints == [
        "swiftlet: error: argument 1: not a token's id at byte 2"
      ])
    #expect(
      try swiftlet(["tokenize", model, "--json", "b"]).text
        == "{\"ids\": [2, 6, 3], \"tokens\": [\"[CLS]\", \"b\", \"[SEP]\"]}\n")
  }

  @Test func scoresAreThoseOfGeneration() throws {
    let model = FamilyModel.path("llama")
    let json = try objects(try swiftlet(["score", model, "--json", "a b c d e f g h i j k l m n o p q"]))[0]
    let values = try #require(json["log_probabilities"] as? [Double])
    #expect(values.count == 18 && (json["ids"] as? [Int])?.count == 18)
    let total = try #require(json["log_probability"] as? Double)
    #expect(abs(total - values.reduce(0, +)) < 1e-4)
    #expect(abs(try #require(json["perplexity"] as? Double) - exp(-total / 18)) < 0.01)
    // What generation says of its tokens, scoring says of them too.
    let generated = try objects(
      try swiftlet([
        "generate", FamilyModel.path("bart"), "--json", "--beam", "1", "--max-tokens", "4", "a b",
      ]))[0]
    let text = try #require(generated["text"] as? String)
    let pair = try objects(try swiftlet(["score", FamilyModel.path("bart"), "--json", "a b\t\(text)"]))[0]
    #expect(pair["log_probability"] != nil)
    let missing = try swiftlet(["score", FamilyModel.path("bart"), "a b"])
    #expect(missing.complaints == ["swiftlet: error: argument 1: there is no TAB between two texts"])
  }

  @Test func textsGoOn() throws {
    let command = ["generate", FamilyModel.path("llama"), "--max-tokens", "5"]
    let alone = try swiftlet(command + ["a b"])
    #expect(alone.status == 0 && alone.errors == "")
    #expect(try swiftlet(command, lines: ["a b"]).text == alone.text)
    #expect(try swiftlet(command + ["--echo", "a b"]).text == "a b" + alone.text)
    #expect(
      try swiftlet(command + ["--batch", "3"], lines: ["c", "a b", "d"]).text.components(
        separatedBy: "\n")[1] + "\n" == alone.text)
    // A prompt and what goes on from it are one text.
    let json = try objects(try swiftlet(command + ["--json", "a b"]))[0]
    let ids = try #require(json["source_ids"] as? [Int]) + (try #require(json["ids"] as? [Int]))
    let whole = try swiftlet([
      "tokenize", FamilyModel.path("llama"), "--decode", ids.map { "\($0)" }.joined(separator: " "),
    ])
    #expect(whole.text == "a b" + alone.text)
    // Nothing but the template's tokens to go on from.
    #expect(try objects(try swiftlet(command + ["--json", ""]))[0]["source_ids"] as? [Int] == [2, 3])
  }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
