import SourcesTestSupport
import SwiftletSources
import Testing

@Suite struct CTranslate2FileTests {
  private func open(_ bytes: [UInt8]) throws -> CTranslate2File {
    let directory = try TemporaryDirectory()
    return try CTranslate2File(path: try directory.write(bytes, to: "model.bin"))
  }

  private func refusal(_ bytes: [UInt8]) -> String {
    do {
      _ = try open(bytes)
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  private static func floats(_ values: [Float]) -> [UInt8] {
    values.flatMap { SafetensorsBytes.littleEndian($0.bitPattern) }
  }

  private static let variables: [CTranslate2Bytes.Variable] = [
    .init("a/weight", .float32, [2, 2], floats([1, 2, 3, 4])),
    .init("b/weight", .int8, [2, 2], [127, 1, 0x81, 0]),
    .init("b/weight_scale", .float32, [2], floats([127, 2])),
    .init("c/weight", .int16, [1, 2], [0xE8, 0x03, 0, 0]),
    .init("c/weight_scale", .float32, [], floats([500])),
    .init("num_heads", .int8, [], [8]),
  ]

  @Test(arguments: 2...6) func readsEveryVersion(_ version: Int) throws {
    let aliases = version >= 3 ? [("d/weight", "b/weight")] : []
    let file = try open(CTranslate2Bytes.file(version: version, Self.variables, aliases: aliases))
    #expect((file.version, file.specification, file.revision) == (version, "TransformerSpec", 7))
    #expect(file.number("num_heads") == 8)
    #expect(file.numberNames == ["num_heads"])
    let (a, b) = (file.weights.tensor(named: "a/weight"), file.weights.tensor(named: "b/weight"))
    #expect(try a?.floats() == [1, 2, 3, 4])
    #expect(try b?.floats() == [127 * (1 / Float(127)), 1 / 127, -63.5, 0])
    #expect(try file.weights.tensor(named: "c/weight")?.floats() == [2, 0])
    let quantized = try b?.quantized(rows: 1..<2)
    #expect(quantized?.values == [-127, 0])
    #expect(quantized?.scales == [0.5])
    if version >= 3 {
      let d = try #require(file.weights.tensor(named: "d/weight"))
      #expect(try b.map { d.isSame(as: $0) } == true && d.floats() == b?.floats())
      #expect(d.storedName == "b/weight")
    }
  }

  @Test func halvesAreRead() throws {
    let file = try open(
      CTranslate2Bytes.file(
        version: 6,
        [.init("h", .float16, [1, 2], [0x00, 0x3C, 0x00, 0xC0]), .init("g", .bfloat16, [1], [0x80, 0x3F])]))
    #expect(try file.weights.tensor(named: "h")?.floats() == [1, -2])
    #expect(try file.weights.tensor(named: "g")?.floats() == [1])
  }

  @Test func refusesWhatBreaksTheFormat() {
    let good = CTranslate2Bytes.file(version: 6, Self.variables)
    #expect(refusal(good) == "accepted")
    #expect(refusal(good + [0]).contains("has 1 bytes behind its last variable"))
    #expect(
      refusal(CTranslate2Bytes.file(version: 7, [])).contains(
        "is no model.bin of CTranslate2, versions 2 to 6"))
    #expect(
      refusal(CTranslate2Bytes.file(version: 6, Self.variables + [Self.variables[0]])).contains(
        "is there twice"))
    var variable = Self.variables[0]
    variable.shape = [3, 2]
    #expect(refusal(CTranslate2Bytes.file(version: 6, [variable])).contains("states a size of 16, not 24"))
    variable.shape = [Int](repeating: 0xFFFF_FFFF, count: 3)
    #expect(refusal(CTranslate2Bytes.file(version: 6, [variable])).contains("overflows"))
    #expect(refusal(CTranslate2Bytes.file(version: 6, [Self.variables[1]])).contains("of int8 has no scales"))
    var scale = Self.variables[2]
    scale.shape = [1, 2]
    let mismatched = CTranslate2Bytes.file(version: 6, [Self.variables[1], scale])
    #expect(refusal(mismatched).contains("has scales of shape [1, 2]"))
    let alias = CTranslate2Bytes.file(version: 6, Self.variables, aliases: [("x", "nothing")])
    #expect(refusal(alias).contains("gives another name to what is not there"))
  }

  /// Whatever stands in a file, the answer is tensors or an error.
  @Test func damageIsAnError() {
    var random = Seeded(23, test: "damaged model.bin")
    let good = CTranslate2Bytes.file(version: 6, Self.variables, aliases: [("d/weight", "b/weight")])
    for _ in 0..<400 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let file = try? open(bytes) else { continue }
      for tensor in file.weights.tensors where tensor.count < 1000 { _ = try? tensor.floats() }
    }
  }
}
