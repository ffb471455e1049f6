import Foundation
import SourcesTestSupport
import Testing

/// The options that say how tokens are chosen.
@Suite struct DecodingOptionTests {
  private func digests(_ common: [String], _ options: [[String]], lines: [String]) throws -> Set<String> {
    Set(
      try options.map {
        let finished = try swiftlet(["translate", EnFr.path, "--digest"] + common + $0, lines: lines)
        #expect(finished.status == 0, "\($0): \(finished.errors)")
        return finished.text
      })
  }

  /// Tokens and log-probabilities are the same with every instruction set, for batches and threads.
  @Test(arguments: [
    ["--beam", "4"], ["--seed", "11", "--temperature", "1.2", "--top-p", "0.95"],
    ["--seed", "3", "--top-k", "20", "--typical", "0.9", "--min-p", "0.02"],
    ["--repetition-penalty", "1.3", "--no-repeat-ngram", "2", "--prefix", "Le"],
  ])
  func everyProcessorChoosesTheSame(options: [String]) throws {
    let kernels = try supportedKernels()
    #expect(try digests(options, kernels.map { ["--kernel", $0] }, lines: sentences(10)).count == 1)
    #expect(
      try digests(
        options, [[], ["--batch", "8"], ["--threads", "2"], ["--threads", "4", "--batch", "3"]],
        lines: sentences(100)
      ).count == 1)
    #expect(
      try digests([], [[], options], lines: sentences(20)).count == 2, "the options must make a difference")
  }

  /// Guessed tokens are right or not: the tokens and their log-probabilities are the same, also of what is drawn, and
  /// of what stops early. Nothing is allocated, and the arena is the plan's.
  @Test func draftsChangeNothing() throws {
    let lines = try sentences(150) + ["", "\u{2603} naïve"]
    let drafts = (0...3).map { ["--draft", "\($0)"] } + [["--draft", "7", "--threads", "2"]]
    let penalty = ["--repetition-penalty", "1.3"]
    for options in [[], ["--seed", "4"], ["--stop", "e l"], penalty + ["--batch", "3"]] {
      #expect(try digests(options, drafts, lines: lines).count == 1, "\(options)")
    }
    let continued = try drafts.map {
      let command = ["generate", FamilyModel.path("llama"), "--max-tokens", "20", "--digest"]
      return try swiftlet(command + $0, lines: FamilyModel.lines).text
    }
    #expect(Set(continued).count == 1)
    let kernels = try supportedKernels().map { ["--draft", "1", "--kernel", $0] }
    #expect(try digests([], [[]] + kernels, lines: sentences(20)).count == 1)
    let report = try AllocationReport.of(["translate", EnFr.path, "--draft", "2"], lines: lines)
    #expect(report["allocations_between_open_and_last_write"] == 0)
    let plan = try PlanTests.plan(["--draft", "2"], model: EnFr.path)
    #expect(report["anonymous_map_bytes"] == plan.arena.bytes)
    let streamed = try swiftlet(["translate", EnFr.path, "--draft", "1", "--stream"], lines: lines).text
    #expect(try swiftlet(["translate", EnFr.path], lines: lines).text == streamed)
    #expect(try swiftlet(["translate", EnFr.path, "--draft", "8", "a"]).status == 2)
    let beams = try swiftlet(["translate", EnFr.path, "--draft", "1", "--beam", "2", "a"])
    #expect(beams.status == 2 && beams.errors.contains("--draft can't be used with --beam"))
  }

  @Test func aSeedIsAText() throws {
    let lines = try sentences(20)
    let texts = try ["1", "1", "2"].map {
      try swiftlet(["translate", EnFr.path, "--seed", $0], lines: lines).text
    }
    #expect(texts[0] == texts[1] && texts[0] != texts[2])
    let greedy = try swiftlet(["translate", EnFr.path], lines: lines).text
    #expect(try swiftlet(["translate", EnFr.path, "--temperature", "0"], lines: lines).text == greedy)
    #expect(try swiftlet(["translate", EnFr.path, "--top-k", "1"], lines: lines).text == greedy)
    #expect(try swiftlet(["translate", EnFr.path, "--beam", "1"], lines: lines).text == greedy)
  }

  struct Translation: Decodable {
    struct Hypothesis: Decodable, Equatable {
      let text: String
      let ids: [Int]
      let log_probabilities: [Double]
      let score: Double
    }
    let text: String
    let ids: [Int]
    let score: Double
    let hypotheses: [Hypothesis]?
  }

  @Test func hypothesesComeWithTheirScores() throws {
    let lines = try sentences(20)
    let options = ["translate", EnFr.path, "--beam", "4", "--n-best", "3", "--length-penalty", "0.5"]
    let json = try swiftlet(options + ["--json"], lines: lines).text.split(separator: "\n").map {
      try JSONDecoder().decode(Translation.self, from: Data($0.utf8))
    }
    let text = try swiftlet(options, lines: lines).text.split(separator: "\n").map {
      $0.split(separator: "\t")
    }
    #expect(json.count == 20 && text.count == 60)
    for (number, translation) in json.enumerated() {
      let hypotheses = try #require(translation.hypotheses)
      #expect(hypotheses.count == 3 && hypotheses[0].ids == translation.ids)
      #expect(Set(hypotheses.map(\.ids)).count == 3)
      #expect(hypotheses.map(\.score) == hypotheses.map(\.score).sorted(by: >))
      for (rank, hypothesis) in hypotheses.enumerated() {
        let sum = hypothesis.log_probabilities.reduce(0, +)
        #expect(abs(hypothesis.score - sum / Double(hypothesis.ids.count).squareRoot()) < 1e-4)
        let line = text[3 * number + rank]
        #expect(line[0] == "\(number + 1)" && line[2] == hypothesis.text)
        #expect(abs(Double(line[1])! - hypothesis.score) < 1e-5)
      }
    }
    let refused = try swiftlet(["translate", EnFr.path, "--n-best", "2", "a"])
    #expect(refused.errors == "swiftlet: error: \(EnFr.path): --n-best is 2, must be 1 to 1\n")
  }

  @Test func textsAreForcedAndForbidden() throws {
    let lines = try sentences(40)
    for beam in ["1", "3"] {
      let forced = try swiftlet(["translate", EnFr.path, "--prefix", "Il y a", "--beam", beam], lines: lines)
        .text
      #expect(forced.split(separator: "\n").allSatisfy { $0.hasPrefix("Il y a") })
      let free = try swiftlet(["translate", EnFr.path, "--beam", beam], lines: lines).text
      let kept = try swiftlet(
        ["translate", EnFr.path, "--suppress", "est", "--suppress", "de la", "--beam", beam], lines: lines
      ).text
      #expect(free.contains(" est ") && !kept.contains(" est "))
    }
    let longer = try swiftlet([
      "translate", EnFr.path, "--min-tokens", "30", "--max-tokens", "30", "--json", "Hi.",
    ])
    #expect(try JSONDecoder().decode(Translation.self, from: Data(longer.output)).ids.count == 30)
  }

  struct Aligned: Decodable {
    let text: String
    let ids: [Int]
    let source_ids: [Int]
    let alignment: [[Int]]
    let attention: [[Double]]
  }

  @Test func wordsAreAligned() throws {
    let known = try swiftlet(
      [
        "translate", EnFr.path, "--align", "The cat sat on the mat.",
        "He opened the window because it was hot.",
      ])
    #expect(
      known.text == """
        Le chat s'assit sur le tapis.\t0-0 1-1 2-2 5-2 3-3 4-4 5-5
        Il ouvrit la fenêtre parce qu'il faisait chaud.\t0-0 1-1 2-2 3-3 4-4 5-5 7-5 6-6 7-7

        """)
    let lines = try sentences(60)
    let options = ["translate", EnFr.path, "--align"]
    let text = try swiftlet(options, lines: lines).text
    let json = try swiftlet(options + ["--json"], lines: lines).text
    for extra in [["--batch", "8"], ["--threads", "2"]] {
      #expect(try swiftlet(options + extra, lines: lines).text == text)
      #expect(try swiftlet(options + extra + ["--json"], lines: lines).text == json)
    }
    let all = try json.split(separator: "\n").map {
      try JSONDecoder().decode(Aligned.self, from: Data($0.utf8))
    }
    for (number, line) in text.split(separator: "\n").enumerated() {
      let aligned = all[number]
      let pairs = aligned.alignment.map { "\($0[0])-\($0[1])" }.joined(separator: " ")
      #expect(line == "\(aligned.text)\t\(pairs)")
      #expect(aligned.attention.count == aligned.ids.count)
      for weights in aligned.attention {
        #expect(weights.count == aligned.source_ids.count && abs(weights.reduce(0, +) - 1) < 1e-4)
      }
      let words = lines[number].split(separator: " ").count
      #expect(aligned.alignment.allSatisfy { $0[0] < words })
      #expect(Set(aligned.alignment.map { $0[1] }) == Set(0..<aligned.text.split(separator: " ").count))
    }
  }

  /// With all tokens on the list everything is as it was; with those of the translations, too, if less certain.
  @Test(arguments: [[], ["--batch", "8", "--threads", "2"], ["--beam", "3"]])
  func shortlistsKeepOtherTokensOut(options: [String]) throws {
    let directory = try TemporaryDirectory()
    let lines = try sentences(60)
    func json(_ list: String?) throws -> [Translation] {
      let arguments = try list.map { ["--shortlist", try directory.write($0, to: "list")] } ?? []
      let found = try swiftlet(["translate", EnFr.path, "--json"] + options + arguments, lines: lines)
      #expect(found.status == 0, "\(found.errors)")
      return try found.text.split(separator: "\n").map {
        try JSONDecoder().decode(Translation.self, from: Data($0.utf8))
      }
    }
    let free = try json(nil)
    let all = try json((0..<6001).map(String.init).joined(separator: "\n"))
    #expect(all.map(\.ids) == free.map(\.ids) && all.map(\.score) == free.map(\.score))
    let used = Set(free.flatMap(\.ids))
    let short = try json(used.map(String.init).joined(separator: ","))
    #expect(short.allSatisfy { used.isSuperset(of: $0.ids) })
    if options.first != "--beam" { #expect(short.map(\.ids) == free.map(\.ids)) }
    #expect(zip(short, free).allSatisfy { $0.score >= $1.score - 1e-5 })
    let few = Set(free[0].ids)
    #expect(
      try json(few.map(String.init).joined(separator: " ")).allSatisfy {
        few.union([0]).isSuperset(of: $0.ids)
      })
    let list = try directory.write("7 6001", to: "wrong")
    let refused = try swiftlet(["translate", EnFr.path, "--shortlist", list, "a"])
    #expect(
      refused.errors == "swiftlet: error: \(list): a token of the shortlist is 6001, must be 0 to 6000\n")
    let missing = try swiftlet(["translate", EnFr.path, "--shortlist", "/nonexistent", "a"])
    #expect(missing.status == 1 && missing.errors.hasPrefix("swiftlet: error: /nonexistent: cannot open it"))
  }

  /// A lexical shortlist of what the model wrote, or of its dev set's references, leaves most translations as they are.
  @Test func sourcesMakeTheirShortlists() throws {
    let directory = try TemporaryDirectory()
    let lines = try sentences(60)
    func list(_ pairs: String, _ options: [String] = []) throws -> String {
      let input = try directory.write(pairs, to: "pairs")
      let path = "\(directory.path)/list"
      let made = try run(Programs.shortlist, [EnFr.path, input, "-o", path, "--quiet"] + options)
      #expect(made.status == 0 && made.text.contains(" bytes from "), "\(made.errors)")
      return path
    }
    let free = try swiftlet(["translate", EnFr.path], lines: lines).text
    let own = try list(lines.joined(separator: "\n"), ["--most", "6000", "--rounds", "0"])
    let command = ["translate", EnFr.path, "--shortlist", own]
    #expect(try swiftlet(command, lines: lines).text == free)
    #expect(try swiftlet(command + ["--threads", "2"], lines: lines).text == free)
    let pairs = try String(contentsOfFile: "\(enFrSource)/dev.tsv", encoding: .utf8)
    let short = try list(pairs)
    let found = try swiftlet(["translate", EnFr.path, "--shortlist", short], lines: lines).text
    let same = zip(free.split(separator: "\n"), found.split(separator: "\n")).filter { $0 == $1 }.count
    #expect(same > 30 && same <= 60, "\(same)")
    let report = try AllocationReport.of(command, lines: lines)
    #expect(report["allocations_between_open_and_last_write"] == 0)
    let together = try swiftlet(command + ["--batch", "2", "a"])
    #expect(together.errors.hasSuffix("--batch with a lexical shortlist is 2, must be 1 to 1\n"))
    // Of another model, cut short, or with tokens that are none.
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: short)))
    let cut = try directory.write(bytes.dropLast(4), to: "cut")
    #expect(try swiftlet(["translate", EnFr.path, "--shortlist", cut, "a"]).status == 1)
    bytes[bytes.count - 1] = 0x7F
    let wrong = try directory.write(bytes, to: "wrong")
    let refused = try swiftlet(["translate", EnFr.path, "--shortlist", wrong, "a"])
    #expect(refused.errors.contains("a token of the shortlist is ") && refused.status == 1)
  }

  /// What is written piece by piece is the text; what follows a stop text is neither written nor decoded.
  @Test func streamsAndStops() throws {
    let lines = try sentences(100) + ["", "\u{2603} \u{1F600} naïve 日本語"]
    let text = try swiftlet(["translate", EnFr.path], lines: lines).text
    #expect(try swiftlet(["translate", EnFr.path, "--stream"], lines: lines).text == text)
    let stop = "e l"
    let expected = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.range(of: stop).map { String(line[..<$0.lowerBound]) } ?? String(line)
    }
    #expect(expected.joined(separator: "\n") != text)
    for options in [[], ["--stream"]] {
      let stopped = try swiftlet(["translate", EnFr.path, "--stop", stop] + options, lines: lines).text
      #expect(stopped == expected.joined(separator: "\n"))
    }
    // With beams a hypothesis ends at a stop text, too, and another may be the best then.
    let beams = ["translate", EnFr.path, "--beam", "3"]
    let free = try swiftlet(beams, lines: lines).text
    let stopped = try swiftlet(beams + ["--stop", stop], lines: lines).text
    #expect(stopped != free && !stopped.contains(stop))
    #expect(try swiftlet(beams + ["--stop", "\u{2603}"], lines: lines).text == free)
    #expect(try swiftlet(beams + ["--stop", stop, "--batch", "8"], lines: lines).text == stopped)
    let ids = try swiftlet(["translate", EnFr.path, "--stop", stop, "--json"], lines: lines).text.utf8.count
    #expect(ids < (try swiftlet(["translate", EnFr.path, "--json"], lines: lines).text.utf8.count))
  }
}
