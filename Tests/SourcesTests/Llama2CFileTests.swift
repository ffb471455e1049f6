import SourcesTestSupport
import SwiftletSources
import Testing

@Suite struct Llama2CFileTests {
  private func write(_ header: [Int32], floats: Int) throws -> String {
    let bytes = header.flatMap { SafetensorsBytes.littleEndian($0) }
    let values = (0..<floats).flatMap { SafetensorsBytes.littleEndian(Float($0).bitPattern) }
    return try TemporaryDirectory().write(bytes + values, to: "model.bin")
  }

  /// Width 4, inner width 6, one layer, two heads, one of keys, 5 tokens, 3 positions.
  private static let header: [Int32] = [4, 6, 1, 2, 1, 5, 3]
  private static let floats = 20 + 4 + 16 + 8 + 8 + 16 + 4 + 24 + 24 + 24 + 4 + 6

  @Test func findsEveryTensor() throws {
    let path = try write(Self.header, floats: Self.floats)
    #expect(try Llama2CFile.recognises(path))
    let file = try Llama2CFile(path: path)
    #expect((file.width, file.feedForward, file.layers, file.heads) == (4, 6, 1, 2))
    #expect((file.keyValueHeads, file.vocabulary, file.positions, file.isTied) == (1, 5, 3, true))
    #expect(try file.weights.tensor(named: "layers.0.wk.weight")?.floats(rows: 0..<1) == [40, 41, 42, 43])
    #expect(
      try file.weights.tensor(named: "norm.weight")?.floats() == [148, 149, 150, 151].map { Float($0) })
    #expect(file.weights.tensor(named: "output.weight") == nil)
  }

  @Test func aNegativeVocabularyIsUntied() throws {
    var header = Self.header
    header[5] = -5
    let file = try Llama2CFile(path: try write(header, floats: Self.floats + 20))
    #expect(!file.isTied)
    #expect(try file.weights.tensor(named: "output.weight")?.floats().first == Float(Self.floats))
  }

  @Test func refusesOtherSizesAndNumbers() throws {
    for floats in [0, Self.floats - 1, Self.floats + 1] {
      let path = try write(Self.header, floats: floats)
      #expect(try !Llama2CFile.recognises(path))
      let error = #expect(throws: SourceError.self) { try Llama2CFile(path: path) }
      #expect(error?.description.contains("bytes, its header of llama2.c implies 660") == true)
    }
    for (place, value) in [(0, 0), (1, -1), (2, Int32.max), (3, 3), (4, 3), (5, 0), (5, .min), (6, 1 << 30)] {
      var header = Self.header
      header[place] = Int32(value)
      let path = try write(header, floats: Self.floats)
      #expect(try !Llama2CFile.recognises(path))
    }
  }
}
