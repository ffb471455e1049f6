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
    case .huggingFace where SentenceTransformer.recognises(path):
      return try SentenceTransformer.load(path) { (directory, head) throws(SourceError) in
        try encoder(directory, head)
      }
    case .huggingFace: return try load(try HuggingFaceDirectory(path: path))
    case .ctranslate2: return try CTranslate2.load(path)
    case .llama2C: return try Llama2C.load(path)
    }
  }

  private static func load(_ directory: HuggingFaceDirectory) throws(SourceError) -> ImportedModel {
    let type = try directory.modelType()
    switch type {
    case "albert", "bert", "camembert", "distilbert", "roberta", "xlm-roberta":
      return try encoder(directory, nil)
    case "bart", "mbart": return try Bart.load(directory, family: type)
    case "gpt2": return try GPT2.load(directory)
    case "gpt_neox": return try GPTNeoX.load(directory)
    case "llama", "mistral", "qwen2": return try Llama.load(directory, family: type)
    case "m2m_100": return try M2M100.load(directory)
    case "marian": return try Marian.load(directory)
    case "t5": return try T5.load(directory)
    default: throw unknown(type, directory)
    }
  }

  /// An encoder alone, of any family.
  private static func encoder(
    _ directory: HuggingFaceDirectory, _ sentence: SentenceHead?
  ) throws(SourceError) -> ImportedModel {
    let type = try directory.modelType()
    switch type {
    case "albert": return try Albert.load(directory, sentence)
    case "bert": return try Bert.load(directory, sentence)
    case "distilbert": return try DistilBert.load(directory, sentence)
    case "camembert", "roberta", "xlm-roberta": return try Roberta.load(directory, family: type, sentence)
    default: throw unknown(type, directory)
    }
  }

  private static func unknown(_ type: String, _ directory: HuggingFaceDirectory) -> SourceError {
    .configuration(
      ConfigurationError(
        file: directory.config.path,
        problem: .unsupported(
          key: "model_type", value: "\"\(type)\"", supported: families.joined(separator: ", "))))
  }

  /// The values of `model_type` that there is an importer for.
  public static let families = [
    "albert", "bart", "bert", "camembert", "distilbert", "gpt2", "gpt_neox", "llama", "m2m_100", "marian",
    "mbart", "mistral", "qwen2", "roberta", "t5", "xlm-roberta",
  ]
}
