import Foundation
import SwiftletModelFile
import SwiftletSources

/// Converts a float model into one `.swiftlet` file.
public enum Converter {
  /// Converts the Hugging Face directory at `source` and puts the file at `target`, whole or not at all.
  ///
  /// - Parameters:
  ///   - details: Lines of metadata to add: `name`, `license`.
  ///   - progress: Called before each tensor with its number, the count, and its name; what it throws stops the
  ///     conversion.
  /// - Throws: The first problem, with file, tensor and numbers.
  public static func convert(
    _ source: String, to target: String, _ options: QuantizationOptions = QuantizationOptions(),
    details: [String: String] = [:], progress: (Int, Int, String) throws -> Void = { _, _, _ in }
  ) throws -> ConversionReport {
    let directory = try HuggingFaceDirectory(path: source)
    let family = try directory.modelType()
    guard family == "marian" else { throw ConversionError.family(directory: source, found: family) }
    var model = try MarianImporter.load(directory)
    model.metadata.removeAll { details[$0.key] != nil }
    model.metadata += details.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
    let (tensors, fileBytes) = try model.write(to: target, options, progress: progress)
    return ConversionReport(tensors: tensors, fileBytes: fileBytes, notes: model.notes)
  }
}
