import Foundation
import FoundationXML
import SourcesTestSupport
import Testing

/// `--attention`: what tokens attended to, as numbers and as a picture.
@Suite struct AttentionTests {
  struct Attention: Decodable {
    struct Maps: Decodable {
      let kind: String
      let rows: [String]
      let columns: [String]
      let layers: [[[[Double]]]]
    }
    let text: String
    let result: String?
    let attention: [Maps]
  }

  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func write(_ command: [String], _ text: String, to name: String) throws -> Data {
    let path = "\(directory.path)/\(name)"
    let finished = try swiftlet(command + ["--attention", path, text])
    #expect(finished.status == 0 && finished.errors == "")
    return try Data(contentsOf: URL(fileURLWithPath: path))
  }

  private func numbers(_ command: [String], _ text: String) throws -> Attention {
    try JSONDecoder().decode(Attention.self, from: try write(command, text, to: "maps.json"))
  }

  /// Each row is 1 together; a decoder's token sees itself and those before it.
  private func check(_ found: Attention, layers: Int, heads: Int) {
    for maps in found.attention {
      #expect(maps.layers.count == layers && maps.layers.allSatisfy { $0.count == heads })
      for map in maps.layers.joined() {
        #expect(map.count == maps.rows.count)
        for (number, row) in map.enumerated() {
          #expect(row.count == maps.columns.count && abs(row.reduce(0, +) - 1) < 1e-4)
          if maps.kind == "decoder" { #expect(row.dropFirst(number + 1).allSatisfy { $0 == 0 }) }
        }
      }
    }
  }

  @Test(arguments: [[], ["--beam", "3"], ["--threads", "2", "--n-best", "2", "--beam", "2"]])
  func translationsHaveThreeKinds(options: [String]) throws {
    let text = "The cat sat on the mat."
    let found = try numbers(["translate", EnFr.path] + options, text)
    #expect(found.text == text && found.attention.map(\.kind) == ["encoder", "decoder", "source"])
    check(found, layers: 3, heads: 4)
    let (encoder, decoder, source) = (found.attention[0], found.attention[1], found.attention[2])
    #expect(encoder.rows == encoder.columns && source.columns == encoder.columns)
    #expect(decoder.rows == decoder.columns && decoder.rows[0] == "<pad>")
    #expect(decoder.rows.dropFirst() == source.rows.dropLast()[...])
    // What `--align` says is the mean of the last layer's heads.
    let json = try swiftlet(["translate", EnFr.path, "--align", "--json"] + options + [text])
    let aligned = try JSONDecoder().decode(DecodingOptionTests.Aligned.self, from: Data(json.output))
    for (row, weights) in aligned.attention.enumerated() {
      for (column, weight) in weights.enumerated() {
        let mean = (0..<4).reduce(0) { $0 + source.layers[2][$1][row][column] } / 4
        #expect(abs(mean - weight) < 2e-6)
      }
    }
    let soft = try swiftlet(["translate", EnFr.path, "--align-soft"] + options.prefix(2) + [text])
    let weights = soft.text.split(separator: "\t").last.map(String.init) ?? ""
    #expect(weights.split(separator: " ").count == aligned.ids.count)
  }

  private func values(_ model: TinyMarian, _ name: String) throws -> [Float] {
    let bytes = try #require(model.tensors[name]).bytes
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
    }
  }

  /// The first layer's maps, computed from the weights in floats.
  @Test func theFirstLayerIsThatOfFloats() throws {
    let model = TinyMarian()
    try model.writeWithText(to: directory)
    let path = "\(directory.path)/tiny.swiftlet"
    _ = try run(Programs.converter, [directory.path, "-o", path, "--quiet"])
    let maps = try numbers(["translate", path], "ab a b c e d").attention[0]
    let (width, heads) = (model.width, model.heads)
    let states = try maps.rows.enumerated().map { position, token in
      let id = try #require(model.tokens.firstIndex(of: token))
      let embedding = try values(model, "model.shared.weight")
      return (0..<width).map { place in
        let angle = Double(position) / pow(10_000, Double(2 * (place % (width / 2))) / Double(width))
        let sinusoid = place < width / 2 ? sin(angle) : cos(angle)
        return Double(embedding[id * width + place]) * Double(width).squareRoot() + sinusoid
      }
    }
    func project(_ name: String, _ state: [Double]) throws -> [Double] {
      let layer = "model.encoder.layers.0.self_attn.\(name)"
      let weight = try values(model, "\(layer).weight")
      let bias = try values(model, "\(layer).bias")
      return (0..<width).map { row in
        state.indices.reduce(Double(bias[row])) { $0 + Double(weight[row * width + $1]) * state[$1] }
      }
    }
    let (queries, keys) = (
      try states.map { try project("q_proj", $0) }, try states.map { try project("k_proj", $0) }
    )
    #expect(maps.rows.count > 6)
    for head in 0..<heads {
      let dimensions = head * width / heads..<(head + 1) * width / heads
      for (row, query) in queries.enumerated() {
        let scores = keys.map { key in
          exp(dimensions.reduce(0) { $0 + query[$1] * key[$1] } / Double(dimensions.count).squareRoot())
        }
        for (column, score) in scores.enumerated() {
          let expected = score / scores.reduce(0, +)
          #expect(abs(maps.layers[0][head][row][column] - expected) < 0.01)
        }
      }
    }
  }

  @Test func stacksAloneHaveOneKind() throws {
    let embedded = try numbers(["embed", FamilyModel.path("sentence-mean")], "a b c")
    #expect(embedded.attention.map(\.kind) == ["encoder"] && embedded.result == nil)
    #expect(embedded.attention[0].rows == ["[CLS]", "a", "b", "c", "[SEP]"])
    check(embedded, layers: embedded.attention[0].layers.count, heads: embedded.attention[0].layers[0].count)
    let written = try numbers(["generate", FamilyModel.path("llama"), "--max-tokens", "5"], "a b")
    #expect(written.attention.map(\.kind) == ["decoder"] && written.attention[0].rows.count == 4 + 5 - 1)
    check(written, layers: written.attention[0].layers.count, heads: written.attention[0].layers[0].count)
  }

  /// Well-formed, with a map for each head of each layer, and texts that XML can have.
  @Test(arguments: ["The cat sat on the mat.", "", "<b> & \"\u{FFFF}\u{1}\" 日本語 naïve", "a < b"])
  func picturesAreXML(text: String) throws {
    let data = try write(["translate", EnFr.path], text, to: "maps.svg")
    let counter = ElementCounter()
    let parser = XMLParser(data: data)
    parser.delegate = counter
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(counter.counts["svg"] == 1 && counter.counts["title"] == 1 + 3 * 3 * 4)
    // The columns' tokens above each map, the rows' beside each line of maps.
    #expect(try #require(counter.counts["use"]) >= 3 * 3 * (4 + 1))
    #expect(data.count < 160_000)
  }

  @Test func nothingIsAllocatedAndTheArenaIsThePlan() throws {
    let commands = [
      ["translate", EnFr.path], ["embed", FamilyModel.path("sentence-mean")],
      ["generate", FamilyModel.path("llama"), "--max-tokens", "5"],
    ]
    for command in commands {
      for name in ["a.svg", "a.json"] {
        let options = ["--attention", "\(directory.path)/\(name)"]
        let report = try AllocationReport.of(command + options + ["a b c"], lines: [])
        #expect(report["allocations_between_open_and_last_write"] == 0 && report["anonymous_maps"] == 1)
        let plan = try PlanTests.plan(options, model: command[1])
        #expect(report["anonymous_map_bytes"] == plan.arena.bytes)
        #expect(plan.arena.parts.contains { $0.name == "attention maps" })
        #expect(try PlanTests.plan(model: command[1]).arena.parts.allSatisfy { $0.name != "attention maps" })
      }
    }
  }

  @Test func whatCanNotBeShownIsAnError() throws {
    let model = EnFr.path
    let usage = [
      (["a", "b"], "--attention takes one TEXT"), ([], "--attention takes one TEXT"),
      (["--stream", "a"], "--stream can't be used with --attention or --replace-unknown"),
    ]
    for (options, complaint) in usage {
      let finished = try swiftlet(["translate", model, "--attention", "x.svg"] + options)
      #expect(finished.errors == "swiftlet: error: \(complaint) (try swiftlet --help)\n")
      #expect(finished.status == 2)
    }
    let unknown = try swiftlet(["translate", model, "--attention", "x.png", "a"])
    #expect(unknown.errors.contains("--attention takes a file that ends in .svg or .json, not x.png"))
    let path = "\(directory.path)/none/a.svg"
    let missing = try swiftlet(["translate", model, "--attention", path, "Hello."])
    #expect(missing.errors == "swiftlet: error: \(path): cannot create it: No such file or directory\n")
    #expect(missing.status == 1 && missing.output.count > 1)
    let full = "\(directory.path)/full.json"
    try FileManager.default.createSymbolicLink(atPath: full, withDestinationPath: "/dev/full")
    let unwritten = try swiftlet(["translate", model, "--attention", full, "Hello."])
    #expect(unwritten.errors == "swiftlet: error: \(full): cannot write: No space left on device\n")
    #expect(unwritten.status == 1)
  }

  /// The word that the unknown token attended to stands in its place.
  @Test func unknownWordsAreReplaced() throws {
    let text = "Yesterday I was ill."
    let command = ["translate", EnFr.path, "--prefix", "\u{2603}"]
    let plain = try swiftlet(command + [text]).text
    let replaced = try swiftlet(command + ["--replace-unknown", text]).text
    #expect(plain != replaced && replaced.hasPrefix("Yesterday"))
    let lines = try sentences(40) + [text]
    let one = try swiftlet(command + ["--replace-unknown"], lines: lines).text
    #expect(one.hasSuffix(replaced))
    for options in [["--batch", "8"], ["--threads", "2"]] {
      #expect(try swiftlet(command + ["--replace-unknown"] + options, lines: lines).text == one)
    }
    let free = try swiftlet(["translate", EnFr.path], lines: lines).text
    #expect(try swiftlet(["translate", EnFr.path, "--replace-unknown"], lines: lines).text == free)
  }
}

/// How many elements of each name there are.
private final class ElementCounter: NSObject, XMLParserDelegate {
  var counts: [String: Int] = [:]

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) { counts[name, default: 0] += 1 }
}
