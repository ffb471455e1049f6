import SwiftletModelFile
import SwiftletSources

/// What an importer makes of a source: the runtime's choices, and the float values of each of its tensors.
///
/// A model family is data: an importer fills this in, and nothing after it knows the family. The converter and the
/// float reference read the same value.
public struct ImportedModel: Sendable {
  /// What the model is made of.
  public var architecture: Architecture
  /// How its makers decode.
  public var decoding: SourceDecoding
  /// What the file says about itself, in lines of `key=value`.
  public var metadata: [(key: String, value: String)]
  /// Every tensor of the architecture's `TensorList`.
  public var tensors: [TensorName: ImportedTensor]
  /// What the user should know about the source, though it stops nothing.
  public var notes: [String]
  /// Where the tokenizer's files are: the directory, or the file's.
  public var directory: String
  /// The tokens, where the source lists them.
  public var tokens: TokenLists?

  /// A model; see the properties.
  public init(
    architecture: Architecture, decoding: SourceDecoding, metadata: [(key: String, value: String)],
    tensors: [TensorName: ImportedTensor], notes: [String] = [], directory: String = ".",
    tokens: TokenLists? = nil
  ) {
    self.architecture = architecture
    self.decoding = decoding
    self.metadata = metadata
    self.tensors = tensors
    self.notes = notes
    self.directory = directory
    self.tokens = tokens
  }

  /// A line of the metadata.
  public func metadata(_ key: String) -> String? { metadata.first { $0.key == key }?.value }

  /// The numbers of a tensor that the architecture has.
  public func tensor(_ name: TensorName) -> ImportedTensor {
    guard let tensor = tensors[name] else { preconditionFailure("an importer gives every tensor: \(name)") }
    return tensor
  }
}

extension TensorName: Hashable {
  /// Hashes all three parts.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(stack)
    hasher.combine(layer)
    hasher.combine(part)
  }
}
