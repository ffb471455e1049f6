import Foundation

/// A model directory as the Hugging Face hub publishes them: configurations as JSON, weights as safetensors.
public struct HuggingFaceDirectory: Sendable {
  /// The directory as it was given.
  public let path: String
  /// `config.json`
  public let config: JSONFile
  /// `generation_config.json`, if there is one.
  public let generation: JSONFile?
  /// `tokenizer_config.json`, if there is one.
  public let tokenizer: JSONFile?

  /// Reads the configuration files.
  ///
  /// - Throws: `SourceError.system` or `.json`, if `config.json` is missing or a file can't be read.
  public init(path: String) throws(SourceError) {
    self.path = path
    self.config = try JSONFile(path: "\(path)/config.json")
    self.generation = try Self.optional("\(path)/generation_config.json")
    self.tokenizer = try Self.optional("\(path)/tokenizer_config.json")
  }

  private static func optional(_ path: String) throws(SourceError) -> JSONFile? {
    FileManager.default.fileExists(atPath: path) ? try JSONFile(path: path) : nil
  }

  /// `model_type` of `config.json`: the model family, such as "marian".
  ///
  /// - Throws: `SourceError.configuration` if there is none.
  public func modelType() throws(SourceError) -> String {
    guard case .string(let type) = config.object["model_type"] else {
      throw .configuration(ConfigurationError(file: config.path, problem: .missing(key: "model_type")))
    }
    return type
  }

  /// What the directory says about a Marian model's text.
  public func marianTokenizerConfiguration() throws(SourceError) -> MarianTokenizerConfiguration {
    guard let tokenizer else { return MarianTokenizerConfiguration() }
    return try MarianTokenizerConfiguration(tokenizer)
  }

  /// The weights: opens `model.safetensors`, else `pytorch_model.bin`, each whole or in shards.
  public func weights() throws(SourceError) -> SourceWeights { try Self.weights(in: path) }

  /// The weights of any directory.
  package static func weights(in path: String) throws(SourceError) -> SourceWeights {
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
    let safetensors = [SafetensorsDirectory.singleFile, SafetensorsDirectory.indexFile]
    let (single, index) = ("pytorch_model.bin", "pytorch_model.bin.index.json")
    if safetensors.contains(where: exists) || !(exists(single) || exists(index)) {
      return SourceWeights(path: path, tensors: try SafetensorsDirectory(path: path).tensors)
    }
    if exists(single) {
      return SourceWeights(path: path, tensors: try TorchCheckpoint(path: "\(path)/\(single)").tensors)
    }
    let shards = try ShardIndex(path: "\(path)/\(index)")
    return SourceWeights(
      path: path,
      tensors: try shards.tensors(in: path) { (shard) throws(SourceError) in
        try TorchCheckpoint(path: shard).tensors
      })
  }
}
