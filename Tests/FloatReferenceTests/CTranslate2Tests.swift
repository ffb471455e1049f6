import Foundation
import SourcesTestSupport
import SwiftletFamilies
import SwiftletFloatReference
import SwiftletModelFile
import Testing

/// Models in CTranslate2's format against CTranslate2 itself: tiny ones with random weights, from
/// `tools/reference/ctranslate2_models.py`.
@Suite struct CTranslate2Tests {
  @Test(arguments: [
    "opennmt", "int8-tied", "int8-post-norm", "float16-gated", "from-zero", "from-zero-untied",
  ])
  func scoresAsCTranslate2Does(_ name: String) throws {
    let golden = try CTranslate2Golden(name)
    let directory = try TemporaryDirectory()
    try golden.write(to: directory)
    let model = try FloatModel(source: directory.path)
    var session = FloatSession(model)
    let forced = try session.teacherForced(source: golden.source, target: golden.target)
    var error: Float = 0
    for (place, token) in golden.target.enumerated() {
      error = max(error, abs(forced.logProbabilities[place][token] - golden.scores[place]))
    }
    print("\(name): largest difference from CTranslate2 \(error)")
    #expect(error < 1e-4)
    let tokens = try ModelImporter.load(directory.path).tokens
    #expect(tokens?.target.count == model.architecture.targetVocabulary && tokens?.unknown == 0)
    #expect(tokens?.source.count == model.architecture.sourceVocabulary)
    #expect((model.architecture.positionEncoding == .interleaved) == (name == "opennmt"))
  }
}

/// The variables of a model, by name, and what CTranslate2 makes of a text with them.
private struct CTranslate2Golden: Decodable {
  struct Variable: Decodable {
    let name: String
    let kind: String
    let shape: [Int]
    let value: Double?
    let sinusoids: Bool
  }

  let variables: [Variable]
  let aliases: [[String]]
  let config: String
  let vocabulary: String
  let source: [Int]
  let target: [Int]
  let scores: [Float]

  init(_ name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appending(path: "CTranslate2/\(name).json"))
    self = try JSONDecoder().decode(Self.self, from: data)
  }

  /// Writes `model.bin` and what belongs to it.
  func write(to directory: TemporaryDirectory) throws {
    let contents = variables.map { variable in
      CTranslate2Bytes.Variable(variable.name, kind(variable), variable.shape, bytes(variable))
    }
    let names = aliases.map { (name: $0[0], of: $0[1]) }
    try directory.write(CTranslate2Bytes.file(version: 6, contents, aliases: names), to: "model.bin")
    try directory.write(config, to: "config.json")
    try directory.write(vocabulary, to: "shared_vocabulary.json")
  }

  private func kind(_ variable: Variable) -> CTranslate2Bytes.Kind {
    switch variable.kind {
    case "int8": .int8
    case "int16": .int16
    case "float16": .float16
    default: .float32
    }
  }

  private func bytes(_ variable: Variable) -> [UInt8] {
    if variable.sinusoids { return Self.floats(Self.sinusoids(variable.shape)) }
    if let value = variable.value {
      return variable.kind == "int8"
        ? [UInt8(bitPattern: Int8(value))] : SafetensorsBytes.littleEndian(Int16(value))
    }
    let values = FamilyGolden.values(variable.name, variable.shape)
    switch kind(variable) {
    case .int8: return values.map { UInt8(bitPattern: Int8($0 * 254)) }
    case .float16: return values.flatMap { SafetensorsBytes.littleEndian(Float16($0).bitPattern) }
    default: return Self.floats(variable.name.hasSuffix("_scale") ? values.map { $0 * 100 + 300 } : values)
    }
  }

  private static func sinusoids(_ shape: [Int]) -> [Float] {
    (0..<shape[0]).flatMap { position in
      (0..<shape[1]).map { place in
        let angle = Double(position) * exp(-Double(place / 2 * 2) * log(10_000) / Double(shape[1]))
        return Float(place % 2 == 0 ? sin(angle) : cos(angle))
      }
    }
  }

  private static func floats(_ values: [Float]) -> [UInt8] {
    values.flatMap { SafetensorsBytes.littleEndian($0.bitPattern) }
  }
}
