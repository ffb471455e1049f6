import Foundation
import SwiftletSources

/// The kinds of sources.
public enum SourceFormat: String, Sendable, CaseIterable {
  /// A directory with `config.json`, as the Hugging Face hub publishes models.
  case huggingFace = "huggingface"
  /// A `.bin` file of llama2.c, version 0.
  case llama2C = "llama2c"

  /// Finds out by content, whatever the names: what has `config.json` is a Hugging Face directory; a file whose
  /// header and size agree is one of llama2.c.
  static func detect(_ path: String) throws(SourceError) -> SourceFormat {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    guard exists, !isDirectory.boolValue else { return .huggingFace }
    guard try Llama2CFile.recognises(path) else {
      throw .unsupported(file: path, reason: "is no kind of model that is known here")
    }
    return .llama2C
  }
}
