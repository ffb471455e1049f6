/// The tensors of a model, wherever they are stored: found by name.
public struct SourceWeights: Sendable {
  /// The file or directory as it was given.
  public let path: String
  /// All tensors, in the order in which they are stored.
  public let tensors: [SourceTensor]
  private let places: [[UInt8]: Int]

  /// Tensors of different names.
  public init(path: String, tensors: [SourceTensor]) {
    self.path = path
    self.tensors = tensors
    var places: [[UInt8]: Int] = [:]
    for (place, tensor) in tensors.enumerated() { places[Array(tensor.name.utf8)] = place }
    self.places = places
  }

  /// The tensor of exactly this name.
  public func tensor(named name: String) -> SourceTensor? {
    places[Array(name.utf8)].map { tensors[$0] }
  }
}
