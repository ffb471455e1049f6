/// One safetensors file, opened, checked and mapped.
///
/// Opening reads the header only. The tensors are read from the mapping when they are asked for.
public struct Safetensors: Sendable {
  /// The path as it was given.
  public let path: String
  /// The tensors, in the order of their data.
  public let tensors: [SourceTensor]
  /// The free text that the file carries about itself.
  public let metadata: [String: String]

  /// Opens a file and checks its header against every rule of the format.
  ///
  /// - Throws: `SourceError.system` if the file can't be mapped, `.safetensors` if it breaks a rule.
  public init(path: String) throws(SourceError) {
    let source = try MappedSource(path: path)
    let header = try SafetensorsHeader(source)
    self.path = path
    self.metadata = header.metadata
    self.tensors = header.entries.map {
      SourceTensor(name: $0.name, type: $0.type, shape: $0.shape, source: source, bytes: $0.bytes)
    }
  }
}
