import Foundation
import SwiftletFamilies
import SwiftletModelFile

/// What happened to one tensor.
public struct ConvertedTensor: Sendable {
  /// The tensor.
  public let tensor: Tensor
  /// Its size as float32.
  public let floatBytes: Int
  /// Its size in the file; 0 where it shares another tensor's bytes.
  public let bytes: Int
  /// What quantisation cost; nil for what stays float32 or is shared.
  public let error: QuantizationError?
  /// What calibration bought; nil without it.
  public let gain: CalibrationGain?
}

/// What a conversion did.
public struct ConversionReport: Sendable {
  /// Each tensor, in the file's order.
  public let tensors: [ConvertedTensor]
  /// The size of the file.
  public let fileBytes: Int
  /// What the user should know, though it stopped nothing.
  public let notes: [String]
}

/// The tokenizers of both sides, as sections of the file.
package struct TokenizerSections {
  /// The source's.
  package let source: [UInt8]
  /// The target's; nil if the source's serves both sides.
  package let target: [UInt8]?

  /// Sections of these bytes.
  package init(source: [UInt8], target: [UInt8]? = nil) {
    self.source = source
    self.target = target
  }
}

extension ImportedModel {
  /// Quantises and writes tensor after tensor.
  ///
  /// - Parameters:
  ///   - calibration: A text to calibrate with, or nil.
  ///   - progress: Called before each tensor with its number, the count, and its name; what it throws
  ///     stops the conversion.
  package func write(
    to path: String, _ options: QuantizationOptions, _ tokenizers: TokenizerSections,
    calibration text: CalibrationText? = nil, progress: (Int, Int, String) throws -> Void
  ) throws -> (tensors: [ConvertedTensor], fileBytes: Int) {
    try withoutActuallyEscaping(progress) { progress in
      let calibration = try text.map {
        try Calibration(self, tokenizer: tokenizers.source, $0, progress: progress)
      }
      return try write(to: path, options, tokenizers, calibration, progress: progress)
    }
  }

  private func write(
    to path: String, _ options: QuantizationOptions, _ tokenizers: TokenizerSections,
    _ calibration: Calibration?, progress: (Int, Int, String) throws -> Void
  ) throws -> (tensors: [ConvertedTensor], fileBytes: Int) {
    let lines = metadata.map { "\($0.key)=\($0.value)\n" }.joined()
    let writer = try ModelFileWriter(
      path: path, architecture: architecture, decoding: try DecodingDefaults(self), metadata: lines,
      tokenizers)
    var tensors = TensorWriter(writer, self, options, calibration)
    let list = TensorList(architecture)
    var converted: [ConvertedTensor] = []
    for index in 0..<list.count {
      let tensor = list[index]
      try progress(index + 1, list.count, tensor.name.description)
      converted.append(try tensors.write(tensor, self.tensor(tensor.name)))
    }
    return (converted, try writer.finish())
  }
}

extension DecodingDefaults {
  /// What the file holds of a source's settings.
  init(_ model: ImportedModel) throws(ConversionError) {
    let (decoding, positions) = (model.decoding, model.architecture.positions)
    self.init()
    startToken = decoding.startToken
    maximumTokens = min(decoding.maximumLength ?? positions, positions)
    firstToken = decoding.forcedFirstToken
    beams = decoding.beams
    guard decoding.endTokens.count <= Self.maximumEnds else {
      throw .tooLarge(
        what: "the count of end tokens", value: decoding.endTokens.count, limit: Self.maximumEnds)
    }
    for token in decoding.endTokens { end(with: token) }
    let suppressed = decoding.suppressedTokens
    guard suppressed.count <= Self.maximumSuppressed else {
      throw .tooLarge(
        what: "the count of suppressed tokens", value: suppressed.count, limit: Self.maximumSuppressed)
    }
    for token in suppressed { suppress(token) }
  }
}
