import SwiftletSources

/// Opens a model of any family, from any kind of source.
public enum ModelImporter {
  /// Reads configuration and the places of all tensors; nothing of the weights yet.
  ///
  /// - Parameters:
  ///   - path: a directory, or a file of weights.
  ///   - format: what kind of source it is; nil to find out from its content.
  /// - Throws: the first thing that is missing, broken, or would not be honoured.
  public static func load(_ path: String, from format: SourceFormat? = nil) throws(SourceError)
    -> ImportedModel
  {
    guard let format else { return try load(path, from: try SourceFormat.detect(path)) }
    switch format {
    case .huggingFace: return try load(try HuggingFaceDirectory(path: path))
    case .llama2C: return try Llama2C.load(path)
    }
  }

  private static func load(_ directory: HuggingFaceDirectory) throws(SourceError) -> ImportedModel {
    let type = try directory.modelType()
    switch type {
    case "bert": return try Bert.load(directory)
    case "llama", "mistral", "qwen2": return try Llama.load(directory, family: type)
    case "marian": return try Marian.load(directory)
    default:
      throw .configuration(
        ConfigurationError(
          file: directory.config.path,
          problem: .unsupported(
            key: "model_type", value: "\"\(type)\"", supported: families.joined(separator: ", "))))
    }
  }

  /// The values of `model_type` that there is an importer for.
  public static let families = ["bert", "llama", "marian", "mistral", "qwen2"]
}
