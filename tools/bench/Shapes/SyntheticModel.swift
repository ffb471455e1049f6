import Foundation
import SwiftletConversion
import SwiftletFamilies
import SwiftletModelFile
import SwiftletSources
import SwiftletTokenizers

/// A model of a named shape with pseudorandom weights: a real `.swiftlet` file, made by the converter's own writer.
public struct SyntheticModel {
  /// The shape.
  public let shape: NamedShape
  /// How it is quantised.
  public let options: QuantizationOptions
  /// What its weights are made from.
  public let seed: UInt64

  /// A model; nothing is made yet.
  public init(_ shape: NamedShape, _ options: QuantizationOptions = QuantizationOptions(), seed: UInt64 = 1) {
    self.shape = shape
    self.options = options
    self.seed = seed
  }

  /// A file name that says all that the file depends on.
  public var fileName: String {
    let group = options.group.map { $0 == 0 ? "row" : "\($0)" } ?? "chosen"
    return "\(shape.name)-\(shape.architecture.dimensions)-group-\(group)-offset-\(options.offset.rawValue)"
      + "-seed-\(seed)-format-\(Header.version).swiftlet"
  }

  /// The path of the model in `folder`, where it is made unless there is one that can be opened.
  ///
  /// - Parameter progress: Called before each tensor with its number, the count, and its name.
  public func file(
    in folder: String, progress: (Int, Int, String) -> Void = { _, _, _ in }
  ) throws -> String {
    let path = "\(folder)/\(fileName)"
    if Self.canOpen(path) { return path }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try write(to: path, progress: progress)
    return path
  }

  /// Writes the model to `path`: one tensor in memory at a time.
  public func write(to path: String, progress: (Int, Int, String) -> Void = { _, _, _ in }) throws {
    let list = TensorList(shape.architecture)
    var tensors: [TensorName: ImportedTensor] = [:]
    for index in 0..<list.count { tensors[list[index].name] = numbers(of: list[index]) }
    let model = ImportedModel(
      architecture: shape.architecture, decoding: decoding,
      metadata: [("family", "synthetic"), ("name", shape.name), ("seed", "\(seed)")], tensors: tensors)
    let tokenizer = try sentencePieceSection(
      try SyntheticTokenizer.model(shape.architecture), after: [SyntheticTokenizer.end])
    _ = try model.write(to: path, options, TokenizerSections(source: tokenizer), progress: progress)
  }

  private static func canOpen(_ path: String) -> Bool {
    do throws(ModelFileError) { _ = try unsafe ModelFile(path: path) } catch { return false }
    return true
  }

  /// The numbers of a tensor; the output's are those of the embeddings.
  private func numbers(of tensor: Tensor) -> ImportedTensor {
    let a = shape.architecture
    switch tensor.name.part {
    case .positionFrequencies: return ImportedTensor(ComputedRows(Sinusoids.frequencies(width: a.tableWidth)))
    case .rotaryFrequencies: return ImportedTensor(ComputedRows(Sinusoids.frequencies(width: a.rotaryWidth)))
    case .embeddingNorm, .finalNorm, .selfNorm, .crossNorm, .feedForwardNorm, .headNorm:
      return ImportedTensor(ComputedRows(Self.unitNorm(tensor), length: tensor.columns))
    default:
      var source = tensor
      if tensor.name.part == .output { source.name = TensorName(.shared, .sourceEmbedding) }
      let weights = SyntheticWeights(source, seed: seed)
      return ImportedTensor(weights, bias: hasBias(tensor) ? SyntheticBias(weights) : nil)
    }
  }

  /// Projections have biases where norms do.
  private func hasBias(_ tensor: Tensor) -> Bool {
    guard shape.architecture.normKind == .layer, tensor.element == .int8 else { return false }
    switch tensor.name.part {
    case .sourceEmbedding, .targetEmbedding, .output, .positionEmbedding: return false
    default: return true
    }
  }

  /// Gains of 1, biases of 0.
  private static func unitNorm(_ tensor: Tensor) -> [Float] {
    [Float](repeating: 1, count: tensor.columns)
      + [Float](repeating: 0, count: (tensor.rows - 1) * tensor.columns)
  }

  private var decoding: SourceDecoding {
    var decoding = SourceDecoding()
    decoding.startToken = SyntheticTokenizer.start
    decoding.endTokens = [SyntheticTokenizer.end]
    decoding.maximumLength = shape.architecture.positions
    return decoding
  }
}
