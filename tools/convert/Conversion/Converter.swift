import Foundation
import SwiftletFamilies

/// Converts a float model into one `.swiftlet` file.
public enum Converter {
  /// Converts the model at `source` and puts the file at `target`, whole or not at all.
  ///
  /// - Parameters:
  ///   - format: What kind of source it is; nil to find out from its content.
  ///   - details: Lines of metadata to add: `name`, `license`.
  ///   - calibration: A text to calibrate with, or nil.
  ///   - progress: Called before each tensor with its number, the count, and its name; what it throws stops the
  ///     conversion.
  /// - Throws: The first problem, with file, tensor and numbers.
  public static func convert(
    _ source: String, from format: SourceFormat? = nil, to target: String,
    _ options: QuantizationOptions = QuantizationOptions(),
    details: [String: String] = [:], calibration: CalibrationText? = nil,
    progress: (Int, Int, String) throws -> Void = { _, _, _ in }
  ) throws -> ConversionReport {
    var model = try ModelImporter.load(source, from: format)
    model.metadata += try chatMetadata(of: model)
    model.metadata.removeAll { details[$0.key] != nil }
    model.metadata += details.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
    let tokenizers = try tokenizerSections(of: model)
    try tokenizers.checkVocabularies(of: model)
    let (tensors, fileBytes) = try model.write(
      to: target, options, tokenizers, calibration: calibration, progress: progress)
    return ConversionReport(tensors: tensors, fileBytes: fileBytes, notes: model.notes)
  }

  /// Removes the temporary file of a conversion that won't end. For handlers of signals that end the process: nothing
  /// is allocated.
  public static func removeUnfinishedFile() { AtomicFile.removeUnfinished() }
}
