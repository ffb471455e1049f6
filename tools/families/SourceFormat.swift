import Foundation
import SwiftletSources

/// The kinds of sources.
public enum SourceFormat: String, Sendable, CaseIterable {
  /// A directory with `config.json`, as the Hugging Face hub publishes models.
  case huggingFace = "huggingface"
  /// A directory with `model.bin`, as CTranslate2 converts models, or a package of Argos Translate with one.
  case ctranslate2
  /// A `.bin` file of llama2.c, version 0.
  case llama2C = "llama2c"

  /// Finds out by content, whatever the names: a directory whose `model.bin` has CTranslate2's header is one of
  /// CTranslate2, any other one of Hugging Face; a file whose header and size agree is one of llama2.c.
  static func detect(_ path: String) throws(SourceError) -> SourceFormat {
    var isDirectory: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    if exists, isDirectory.boolValue, let model = CTranslate2.modelPath(path),
      try CTranslate2File.recognises(model)
    {
      return .ctranslate2
    }
    guard exists, !isDirectory.boolValue else { return .huggingFace }
    guard try Llama2CFile.recognises(path) else {
      throw .unsupported(
        file: path,
        reason: ZipArchive.recognises(try MappedSource(path: path))
          ? "is a zip archive, as packages of Argos Translate are: unpack it, and give the directory"
          : "is no kind of model that is known here")
    }
    return .llama2C
  }
}
