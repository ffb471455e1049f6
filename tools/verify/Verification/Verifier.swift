import Swiftlet
import SwiftletFloatReference
import SwiftletModelFile

/// Runs a float reference and an int8 model side by side over a text.
///
/// The reference reads the source itself and shares no arithmetic with the int8 pass.
/// - With both stacks, the reference translates each line greedily; both read that translation (teacher forcing), and
///   their distributions and states are compared token by token. The int8 model's own translation is compared too.
/// - With a decoder alone, both read the line itself.
/// - With an encoder alone, both encode the line; states and what the head makes of them are compared.
public struct Verifier {
  private let reference: FloatModel
  private let path: String
  /// Lines whose float results are held at a time.
  static let linesPerBatch = 64

  /// Opens both.
  ///
  /// - Throws: `SourceError`, `VerificationError`.
  public init(source: String, model path: String) throws {
    reference = try FloatModel(source: source)
    self.path = path
    let (f, a) = (reference.architecture, try Self.open(path).architecture)
    for (what, float, int8) in [
      ("the vocabulary", f.targetVocabulary, a.targetVocabulary), ("the width", f.width, a.width),
      ("the count of encoder layers", f.encoderLayers, a.encoderLayers),
      ("the count of decoder layers", f.decoderLayers, a.decoderLayers),
    ] where float != int8 {
      throw VerificationError.mismatch(what: what, source: float, model: int8)
    }
  }

  private static func open(_ path: String) throws -> ModelFile {
    do { return try openModelFile(path) } catch { throw VerificationError.model(path: path, error) }
  }

  /// Verifies line after line.
  ///
  /// - Parameter progress: Called with the count of lines that are done.
  public func verify(_ lines: [String], progress: (Int) -> Void = { _ in }) throws -> Report {
    let file = try Self.open(path)
    let architecture = file.architecture
    var report = Report(architecture)
    do {
      if architecture.decoderLayers == 0 {
        var comparison = EncoderComparison(reference, try Int8Encoder(file))
        try comparison.run(lines, &report, progress)
      } else if architecture.encoderLayers == 0 {
        var comparison = TextComparison(reference, try Int8Model(file))
        try comparison.run(lines, &report, progress)
      } else {
        var comparison = TranslationComparison(reference, try Int8Model(file))
        try comparison.run(lines, &report, progress)
      }
    } catch let error as SwiftletError {
      throw VerificationError.model(path: path, error)
    }
    return report
  }
}
