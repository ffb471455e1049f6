import Foundation

/// A tiny model of some family, and what PyTorch computed with it: made by `tools/reference/families.py`.
package struct FamilyGolden: Sendable {
  /// The family, and what is special: `llama-tied`.
  package let name: String
  /// Source tokens, if the model reads a source.
  package let source: [Int]
  /// The kinds of segments of the source's tokens; empty for one kind.
  package let segments: [Int]
  /// Target tokens, if the model has a decoder: all that it reads.
  package let target: [Int]
  /// The encoder's result: a row for each source token.
  package let encoder: [[Float]]
  /// The scores after each target token.
  package let logits: [[Float]]
  /// What an encoder's head makes of it.
  package let head: [[Float]]
  private let files: [String: String]
  private var tensors: [String: [String: [Int]]]

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "FloatReferenceTests/Goldens")

  /// The names of all of them.
  package static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  /// Reads one.
  package init(_ name: String) throws {
    let data = try Data(contentsOf: Self.folder.appending(path: "\(name).json"))
    let golden = try JSONDecoder().decode(Golden.self, from: data)
    self.name = name
    files = golden.files
    tensors = golden.tensors
    source = golden.outputs.source ?? []
    segments = golden.outputs.segments ?? []
    target = golden.outputs.target ?? []
    encoder = golden.outputs.encoder ?? []
    logits = golden.outputs.logits ?? []
    head = golden.outputs.head ?? []
  }

  /// The same with other names of tensors, whose numbers follow from these.
  package func renamingTensors(_ rename: (String) -> String) throws -> FamilyGolden {
    var golden = self
    golden.tensors = tensors.mapValues { shapes in
      Dictionary(uniqueKeysWithValues: shapes.map { (rename($0.key), $0.value) })
    }
    return golden
  }

  /// Writes the model's directory, with every `old` in one of its files replaced.
  package func write(
    to directory: TemporaryDirectory, replacing old: String = "", with new: String = "", in file: String = ""
  ) throws {
    for path in Array(files.keys) + tensors.keys {
      let folder = "\(directory.path)/\((path as NSString).deletingLastPathComponent)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    for (path, text) in files {
      try directory.write(path == file ? text.replacingOccurrences(of: old, with: new) : text, to: path)
    }
    for (path, shapes) in tensors {
      let sorted = shapes.sorted { $0.key < $1.key }
      let contents = sorted.map { SafetensorsBytes.Tensor($0.key, $0.value, Self.values($0.key, $0.value)) }
      try directory.write(SafetensorsBytes.file(contents), to: path)
    }
  }

  /// The numbers of a tensor, by the formula of `families.py`: a linear congruential generator whose seed is the FNV-1a
  /// hash of the name.
  package static func values(_ name: String, _ shape: [Int]) -> [Float] {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return (0..<shape.reduce(1, *)).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / 0x1p24 - 0.5
    }
  }
}

/// The file's form.
private struct Golden: Decodable {
  struct Outputs: Decodable {
    let source, segments, target: [Int]?
    let encoder, logits, head: [[Float]]?
  }

  let files: [String: String]
  let tensors: [String: [String: [Int]]]
  let outputs: Outputs
}
