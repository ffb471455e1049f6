import SourcesTestSupport
import SwiftletConversion
import SwiftletFamilies
import SwiftletModelFile
import SwiftletSources
import Testing

/// What a source has quantised itself keeps its integers and scales.
@Suite struct TakenOverTests {
  /// Rows of int8 with scales, as a file of CTranslate2 has them.
  private func source(_ values: [Int8], columns: Int, divisors: [Float]) throws -> SourceTensor {
    let scales = divisors.flatMap { SafetensorsBytes.littleEndian($0.bitPattern) }
    let bytes = CTranslate2Bytes.file(
      version: 6,
      [
        .init("w", .int8, [divisors.count, columns], values.map { UInt8(bitPattern: $0) }),
        .init("w_scale", .float32, [divisors.count], scales),
      ])
    let file = try CTranslate2File(path: try TemporaryDirectory().write(bytes, to: "model.bin"))
    return try #require(file.weights.tensor(named: "w"))
  }

  /// The output of the tiny Llama in the file: its entry, and the file's bytes.
  private func convert(_ tensor: SourceTensor, group: Int) throws -> (tensor: Tensor, bytes: [UInt8]) {
    let directory = try TemporaryDirectory()
    try FamilyGolden("llama").write(to: directory)
    var model = try ModelImporter.load(directory.path)
    model.tensors[TensorName(.shared, .output)] = ImportedTensor(StoredRows(tensor))
    var options = QuantizationOptions()
    options.group = group
    let path = "\(directory.path)/model.swiftlet"
    _ = try model.write(to: path, options, TokenizerSections(source: [])) { _, _, _ in }
    let file = try unsafe ModelFile(path: path)
    let index = try #require(TensorList(model.architecture).index(of: TensorName(.shared, .output)))
    return unsafe (try file.tensor(at: index), Array(file.bytes))
  }

  @Test(arguments: [0, 64]) func integersAndScalesStay(_ group: Int) throws {
    var random = Seeded(5, test: "rows that are taken over")
    let values = (0..<40 * 16).map { _ in Int8.random(in: -127...127, using: &random) }
    let divisors = (0..<40).map { _ in Float.random(in: 1...1000, using: &random) }
    let (tensor, bytes) = try convert(try source(values, columns: 16, divisors: divisors), group: group)
    #expect(tensor.group == 0)
    for row in 0..<40 {
      let scale = bytes[Int(tensor.scales) + 4 * row..<Int(tensor.scales) + 4 * row + 4]
      #expect(Array(scale) == SafetensorsBytes.littleEndian((1 / divisors[row]).bitPattern))
      for column in 0..<16 {
        let place = ((row / 16 * 4 + column / 4) * 16 + row % 16) * 4 + column % 4
        #expect(Int8(bitPattern: bytes[Int(tensor.data) + place]) == values[row * 16 + column])
      }
    }
  }

  @Test func whatTheFormatHasNotIsQuantisedAnew() throws {
    var values = [Int8](repeating: 1, count: 40 * 16)
    values[3] = -128
    let tensor = try source(values, columns: 16, divisors: [Float](repeating: 10, count: 40))
    #expect(try convert(tensor, group: 64).tensor.group == 64)
  }
}
