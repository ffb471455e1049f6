import Foundation
import SwiftletModelFile
import SwiftletSources

/// A directory of sentence-transformers: `modules.json` names a Transformer and what makes one vector of its states.
enum SentenceTransformer {
  /// Whether a directory has a `modules.json`.
  static func recognises(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(path)/modules.json")
  }

  static func load(
    _ path: String,
    _ encoder: (HuggingFaceDirectory, SentenceHead) throws(SourceError) -> ImportedModel
  ) throws(SourceError) -> ImportedModel {
    let modules = try modules(path)
    guard let first = modules.first, first.kind == "Transformer", modules.dropFirst().first?.kind == "Pooling"
    else {
      throw .unsupported(
        file: "\(path)/modules.json",
        reason: "the modules are \(modules.map(\.kind)), not Transformer, Pooling and what follows")
    }
    let directory = try HuggingFaceDirectory(path: first.path)
    var head = SentenceHead(head: EncoderHead(), tensors: [:], longest: try longest(first.path))
    for module in modules.dropFirst() { try add(module, to: &head, width: try width(directory)) }
    return try encoder(directory, head)
  }

  private struct Module {
    let kind: String
    let path: String
  }

  private static func modules(_ path: String) throws(SourceError) -> [Module] {
    let file = "\(path)/modules.json"
    var result: [Module] = []
    for value in try JSONFile.array(path: file) {
      guard case .object(let object) = value, case .string(let type) = object["type"],
        case .string(let folder) = object["path"], !folder.contains(".."), !folder.hasPrefix("/")
      else { throw .unsupported(file: file, reason: "a module has no type, or no path below the directory") }
      let kind = type.split(separator: ".").last.map(String.init) ?? ""
      result.append(Module(kind: kind, path: folder.isEmpty ? path : "\(path)/\(folder)"))
    }
    return result
  }

  /// The width of states, under either of the keys that encoders have.
  private static func width(_ directory: HuggingFaceDirectory) throws(SourceError) -> Int {
    var reader = ConfigurationReader(directory.config)
    if let width = try reader.integer("dim", within: 1...65_536) { return width }
    return try reader.requiredInteger("hidden_size", within: 1...65_536)
  }

  private static func add(_ module: Module, to head: inout SentenceHead, width: Int) throws(SourceError) {
    let isFirst = !head.head.hasProjection && !head.head.isNormalized
    switch module.kind {
    case "Pooling" where head.head.pooling == .none: head.head.pooling = try pooling(module, width: width)
    case "Dense" where isFirst: try addProjection(module, to: &head, width: width)
    case "Normalize" where !head.head.isNormalized: head.head.isNormalized = true
    default:
      throw .unsupported(
        file: module.path,
        reason:
          "a module \(module.kind) in this place is not supported (only Transformer, Pooling, Dense, Normalize)"
      )
    }
  }

  private static func pooling(_ module: Module, width: Int) throws(SourceError) -> EncoderHead.Pooling {
    var reader = ConfigurationReader(try JSONFile(path: "\(module.path)/config.json"))
    let modes: [(key: String, name: String, pooling: EncoderHead.Pooling?)] = [
      ("cls_token", "cls", .first), ("mean_tokens", "mean", .mean), ("max_tokens", "max", .maximum),
      ("lasttoken", "lasttoken", .last), ("mean_sqrt_len_tokens", "mean_sqrt_len_tokens", nil),
      ("weightedmean_tokens", "weightedmean", nil),
    ]
    var chosen: [String] = []
    for mode in modes where try reader.bool("pooling_mode_\(mode.key)", default: false) {
      chosen.append(mode.name)
    }
    if let name = try reader.text("pooling_mode") { chosen.append(name) }
    for key in ["word_embedding_dimension", "embedding_dimension"] {
      guard let stated = try reader.integer(key, within: 1...65_536), stated != width else { continue }
      throw reader.error(
        .contradiction(key: key, value: "\(stated)", other: "the states' width", otherValue: "\(width)"))
    }
    try reader.checkRemaining(ConfigurationKeys(harmless: ["include_prompt"]))
    guard chosen.count == 1, let pooling = modes.first(where: { $0.name == chosen[0] })?.pooling else {
      throw reader.error(
        .unsupported(key: "pooling_mode", value: "\(chosen)", supported: "one of cls, mean, max, lasttoken"))
    }
    return pooling
  }

  private static func addProjection(
    _ module: Module, to head: inout SentenceHead, width: Int
  ) throws(SourceError) {
    var reader = ConfigurationReader(try JSONFile(path: "\(module.path)/config.json"))
    let inputs = try reader.requiredInteger("in_features", within: 1...65_536)
    guard inputs == width else {
      throw reader.error(
        .contradiction(
          key: "in_features", value: "\(inputs)", other: "the states' width", otherValue: "\(width)"))
    }
    let outputs = try reader.requiredInteger("out_features", within: 1...65_536)
    let hasBias = try reader.bool("bias", default: true)
    head.head.projectionWidth = outputs
    head.head.activation = try activation(&reader)
    try reader.checkRemaining(
      ConfigurationKeys(
        harmless: [],
        neutral: [
          "module_input_name": [.string("sentence_embedding")],
          "module_output_name": [.string("sentence_embedding"), .null],
        ]))
    var finder = TensorFinder(try HuggingFaceDirectory.weights(in: module.path))
    let weight = try finder.take("linear.weight", [outputs, inputs])
    let bias = hasBias ? StoredRows(try finder.take("linear.bias", [outputs])) : nil
    try finder.checkNothingLeft()
    head.tensors[TensorName(.shared, .headProjection)] = ImportedTensor(StoredRows(weight), bias: bias)
  }

  private static func activation(
    _ reader: inout ConfigurationReader
  ) throws(SourceError) -> Architecture.Activation {
    let name = try reader.text("activation_function") ?? "torch.nn.modules.activation.Tanh"
    let known: [String: Architecture.Activation] = [
      "Tanh": .tanh, "Identity": .none, "ReLU": .relu, "GELU": .gelu,
    ]
    guard let activation = known[name.split(separator: ".").last.map(String.init) ?? ""] else {
      throw reader.error(
        .unsupported(
          key: "activation_function", value: "\"\(name)\"",
          supported: known.keys.sorted().joined(separator: ", ")))
    }
    return activation
  }

  /// `max_seq_length` of the Transformer's module: longer texts are cut there.
  private static func longest(_ path: String) throws(SourceError) -> Int? {
    let file = "\(path)/sentence_bert_config.json"
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    var reader = ConfigurationReader(try JSONFile(path: file))
    return try reader.integer("max_seq_length", within: 1...1_000_000)
  }
}
