import Foundation

/// The weights of a model directory: `model.safetensors`, or the shards that `model.safetensors.index.json` names.
public struct SafetensorsDirectory: Sendable {
  /// The directory as it was given.
  public let path: String
  /// All tensors: file after file, in the order of their data.
  public let tensors: [SourceTensor]

  /// The name of a file with all weights.
  public static let singleFile = "model.safetensors"
  /// The name of the table of shards.
  public static let indexFile = "model.safetensors.index.json"

  /// Opens all files of a directory, and checks them against each other.
  ///
  /// - Throws: `SourceError` if a file is missing or breaks a rule, or if index and shards disagree.
  public init(path: String) throws(SourceError) {
    let single = "\(path)/\(Self.singleFile)"
    let index = "\(path)/\(Self.indexFile)"
    let files = FileManager.default
    switch (files.fileExists(atPath: single), files.fileExists(atPath: index)) {
    case (true, true):
      let reason = "holds both \(Self.singleFile) and \(Self.indexFile): remove the one that is not meant"
      throw .safetensors(SafetensorsError(file: path, problem: .directory(reason: reason)))
    case (false, false): throw Self.nothing(in: path)
    case (true, false): self.init(path: path, tensors: try Safetensors(path: single).tensors)
    case (false, true):
      let tensors = try ShardIndex(path: index).tensors(in: path) { (shard) throws(SourceError) in
        try Safetensors(path: shard).tensors
      }
      self.init(path: path, tensors: tensors)
    }
  }

  private init(path: String, tensors: [SourceTensor]) {
    self.path = path
    self.tensors = tensors
  }

  private static func nothing(in path: String) -> SourceError {
    var isDirectory: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    guard exists, isDirectory.boolValue else {
      return .system(SystemError(path: path, operation: .open, code: exists ? ENOTDIR : ENOENT))
    }
    let reason = "has neither \(singleFile) nor \(indexFile)"
    return .safetensors(SafetensorsError(file: path, problem: .directory(reason: reason)))
  }
}
