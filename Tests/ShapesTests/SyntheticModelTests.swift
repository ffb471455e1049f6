import Foundation
import SourcesTestSupport
import Swiftlet
import SwiftletConversion
import SwiftletKernelSelection
import SwiftletModelFile
import SwiftletShapes
import Testing

/// Models of named shapes, here of one that takes no time to make.
@Suite struct SyntheticModelTests {
  static let tiny: NamedShape = {
    var architecture = NamedShape.student.architecture
    architecture.encoderLayers = 2
    architecture.decoderLayers = 1
    architecture.width = 48
    architecture.headWidth = 6
    architecture.encoderFeedForward = 80
    architecture.decoderFeedForward = 80
    architecture.sourceVocabulary = 70
    architecture.targetVocabulary = 70
    architecture.embeddingScale = Float(48).squareRoot()
    return NamedShape(name: "tiny", summary: "for tests", architecture: architecture)
  }()

  @Test(arguments: [0, 64, 32]) func isAModelThatTranslates(group: Int) throws {
    var options = QuantizationOptions()
    options.group = group
    let path = try SyntheticModel(Self.tiny, options).file(in: TemporaryDirectory().path)
    var translator = try unsafe Translator(path: path, source: 16, target: 16)
    let words = [3, 69, 7, 30, 11]
    try translator.translate(Array(SyntheticTokenizer.text(words).utf8).span, maximumTokens: 12)
    let source = translator.sourceIDs
    #expect(source.indices.map { Int(source[$0]) } == words + [SyntheticTokenizer.end])
    #expect(translator.ids.count > 0)
    let probabilities = translator.logProbabilities
    for index in probabilities.indices {
      #expect(probabilities[index] <= 0 && probabilities[index] > -10, "neither certain nor out of range")
    }
  }

  @Test func allKernelsGiveTheSameDigest() throws {
    let path = try SyntheticModel(Self.tiny).file(in: TemporaryDirectory().path)
    let digests = try InstructionSet.allCases.compactMap(\.kernels).map { kernels in
      var translator = try unsafe Translator(path: path, source: 16, target: 16, kernels: kernels)
      try translator.translate(Array(SyntheticTokenizer.text(3..<12).utf8).span)
      var digest = Digest()
      digest.update(translator.ids, translator.logProbabilities)
      return digest.value
    }
    #expect(Set(digests).count == 1)
  }

  @Test func theSeedAndTheOptionsSayAllBytes() throws {
    let folder = try TemporaryDirectory().path
    func bytes(_ model: SyntheticModel, _ name: String) throws -> Data {
      try model.write(to: "\(folder)/\(name)")
      return try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    let one = try bytes(SyntheticModel(Self.tiny, seed: 1), "one")
    #expect(try bytes(SyntheticModel(Self.tiny, seed: 1), "again") == one)
    #expect(try bytes(SyntheticModel(Self.tiny, seed: 2), "two") != one)
  }

  @Test func aFileIsMadeOnceAndABrokenOneAnew() throws {
    let folder = try TemporaryDirectory().path
    let model = SyntheticModel(Self.tiny)
    var made = 0
    let path = try model.file(in: folder) { _, _, _ in made += 1 }
    #expect(made > 0)
    made = 0
    #expect(try model.file(in: folder) { _, _, _ in made += 1 } == path && made == 0)
    try Data("broken".utf8).write(to: URL(fileURLWithPath: path))
    #expect(try model.file(in: folder) { _, _, _ in made += 1 } == path && made > 0)
  }

  @Test func namesSayWhatAFileDependsOn() {
    var options = QuantizationOptions()
    options.group = 0
    options.offset = .none
    let name = SyntheticModel(.base, options, seed: 5).fileName
    #expect(
      name == "base-6+6-d512-h8-f2048-v32000-group-row-offset-none-seed-5-format-\(Header.version).swiftlet")
  }
}
