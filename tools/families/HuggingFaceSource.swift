import Foundation
import SwiftletModelFile
import SwiftletSources

/// What every importer of a Hugging Face directory begins with: the configuration, to be read key by key, and what it
/// becomes.
package struct HuggingFaceSource {
  let directory: HuggingFaceDirectory
  var config: ConfigurationReader
  package var architecture = Architecture()
  package var decoding = SourceDecoding()
  var metadata: [(key: String, value: String)]
  package var notes: [String] = []
  /// Whether the output projection is the embedding table.
  package var isTied = false

  init(_ directory: HuggingFaceDirectory, family: String) throws(SourceError) {
    self.directory = directory
    config = ConfigurationReader(directory.config)
    metadata = [("family", family), ("name", URL(fileURLWithPath: directory.path).lastPathComponent)]
    guard let found = try config.text("model_type") else { throw config.error(.missing(key: "model_type")) }
    guard found == family else {
      throw config.error(
        .unsupported(key: "model_type", value: "\"\(found)\"", supported: "\"\(family)\""))
    }
  }

  /// The first of `architectures`, or nothing: `BertForMaskedLM`.
  var className: String {
    guard case .array(let names) = directory.config.object["architectures"],
      case .string(let name) = names.first
    else { return "" }
    return name
  }

  /// Reads the settings of decoding; `needed` ids must be there.
  mutating func readDecoding(needed: [String]) throws(SourceError) {
    let (settings, notes) = try SourceDecoding.read(
      &config, generation: directory.generation, vocabulary: architecture.targetVocabulary, needed: needed)
    decoding = settings
    self.notes += notes
  }

  /// The longest text, of which a file holds 65,536 tokens at most.
  mutating func readPositions(_ key: String, default missing: Int? = nil) throws(SourceError) -> Int {
    guard let positions = try config.integer(key, within: 1...1_000_000_000) ?? missing else {
      throw config.error(.missing(key: key))
    }
    if positions > 65_536 { notes.append("\(key) \(positions): the model file has positions up to 65536") }
    architecture.positions = min(positions, 65_536)
    return positions
  }

  /// One of the activations that the runtime has.
  mutating func activation(
    _ key: String, of supported: [String], default missing: String? = nil
  ) throws(SourceError) -> Architecture.Activation {
    guard let name = try config.text(key) ?? missing else { throw config.error(.missing(key: key)) }
    guard supported.contains(name), let activation = Architecture.Activation(transformers: name) else {
      let names = supported.map { "\"\($0)\"" }.joined(separator: ", ")
      throw config.error(.unsupported(key: key, value: "\"\(name)\"", supported: names))
    }
    return activation
  }

  /// Heads must divide the width.
  mutating func readHeads(_ key: String, widthKey: String) throws(SourceError) {
    let heads = try config.requiredInteger(key, within: 1...1024)
    guard architecture.width % heads == 0 else {
      throw config.error(
        .contradiction(key: key, value: "\(heads)", other: widthKey, otherValue: "\(architecture.width)"))
    }
    architecture.heads = heads
    architecture.keyValueHeads = heads
    architecture.headWidth = architecture.width / heads
  }

  /// A second name of a value: it may be absent, but not different.
  mutating func checkEqual(_ alias: String, _ key: String, _ value: Int) throws(SourceError) {
    guard let other = try config.integer(alias, within: 0...Int.max), other != value else { return }
    throw config.error(.contradiction(key: alias, value: "\(other)", other: key, otherValue: "\(value)"))
  }

  /// The model of all this and `tensors`.
  func model(_ tensors: [TensorName: ImportedTensor]) -> ImportedModel {
    ImportedModel(
      architecture: architecture, decoding: decoding, metadata: metadata, tensors: tensors, notes: notes,
      directory: directory.path)
  }
}

extension Architecture.Activation {
  /// The names of transformers' `ACT2FN` for the runtime's activations.
  static let transformersNames: [String: Self] = [
    "linear": .none, "relu": .relu, "silu": .swish, "swish": .swish, "gelu": .gelu, "gelu_python": .gelu,
    "gelu_new": .geluTanh, "gelu_fast": .geluTanh, "gelu_pytorch_tanh": .geluTanh, "tanh": .tanh,
  ]

  init?(transformers name: String) {
    guard let activation = Self.transformersNames[name] else { return nil }
    self = activation
  }
}
