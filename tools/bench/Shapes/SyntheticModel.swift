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
    let group = options.group == 0 ? "row" : "\(options.group)"
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
    let model = ImportedModel(
      architecture: shape.architecture, decoding: decoding,
      metadata: [("family", "synthetic"), ("name", shape.name), ("seed", "\(seed)")], tensors: tensors)
    let section = try unigramSection(model: try SyntheticTokenizer.model(shape.architecture))
    _ = try model.write(to: path, options, TokenizerSections(source: section), progress: progress)
  }

  private var tensors: [TensorName: ImportedTensor] {
    var tensors: [TensorName: ImportedTensor] = [:]
    let list = TensorList(shape.architecture)
    for index in 0..<list.count { tensors[list[index].name] = tensor(list[index]) }
    // The output is tied.
    tensors[TensorName(.shared, .output)] = tensors[TensorName(.shared, .sourceEmbedding)]
    return tensors
  }

  private func tensor(_ tensor: Tensor) -> ImportedTensor {
    if tensor.name.part == .positionFrequencies {
      return ImportedTensor(ComputedRows(Sinusoids.frequencies(width: shape.architecture.width)))
    }
    if tensor.element == .float32 { return ImportedTensor(Self.unitNorm(width: tensor.columns)) }
    let weights = SyntheticWeights(tensor, seed: seed)
    return ImportedTensor(weights, bias: weights.bias)
  }

  private static func canOpen(_ path: String) -> Bool {
    do throws(ModelFileError) { _ = try ModelFile(path: path) } catch { return false }
    return true
  }

  /// Gains of 1, biases of 0.
  private static func unitNorm(width: Int) -> ComputedRows {
    let (gains, biases) = ([Float](repeating: 1, count: width), [Float](repeating: 0, count: width))
    return ComputedRows(gains + biases, length: width)
  }

  private var decoding: SourceDecoding {
    var decoding = SourceDecoding()
    decoding.startToken = SyntheticTokenizer.start
    decoding.endTokens = [SyntheticTokenizer.end]
    return decoding
  }
}
