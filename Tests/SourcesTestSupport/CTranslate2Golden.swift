import Foundation

/// The variables of a tiny model, by name, and what CTranslate2 makes of a text with them: made by
/// `tools/reference/ctranslate2_models.py`.
package struct CTranslate2Golden: Decodable {
  /// What CTranslate2 chooses.
  package struct Decoding: Decodable, Sendable {
    package let prefix: [UInt32]
    package let suppressed: [[UInt32]]
    /// The token that ends a target, which is never the first.
    package let end: Int
    package let ids: [Int]
  }

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
  package let source: [Int]
  package let target: [Int]
  package let scores: [Float]
  package let decodings: [Decoding]

  /// The names of all of them.
  package static let names = [
    "opennmt", "int8-tied", "int8-post-norm", "float16-gated", "from-zero", "from-zero-untied",
  ]

  package init(_ name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appending(path: "FloatReferenceTests/CTranslate2/\(name).json"))
    self = try JSONDecoder().decode(Self.self, from: data)
  }

  /// Writes `model.bin` and what belongs to it.
  package func write(to directory: TemporaryDirectory, version: Int = 6) throws {
    let contents = variables.map { variable in
      CTranslate2Bytes.Variable(variable.name, kind(variable), variable.shape, bytes(variable))
    }
    let names = aliases.map { (name: $0[0], of: $0[1]) }
    try directory.write(CTranslate2Bytes.file(version: version, contents, aliases: names), to: "model.bin")
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
