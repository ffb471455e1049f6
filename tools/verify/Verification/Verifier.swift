import Foundation
import Swiftlet
import SwiftletFloatReference
import SwiftletModelFile

/// Runs a float reference and int8 models side by side over a text.
///
/// The reference reads the source itself and shares no arithmetic with the int8 pass.
/// - With both stacks, the reference translates each line greedily; both read that translation (teacher forcing), and
///   their distributions and states are compared token by token. The int8 model's own translation is compared too, and
///   where there are references both read the first of them.
/// - With a decoder alone, both read the line itself.
/// - With an encoder alone, both encode the line; states and what the head makes of them are compared.
public struct Verifier {
  /// The models' files.
  public let paths: [String]
  let reference: FloatModel
  let source: String
  private let checksums: [UInt64]
  /// Lines whose float results are held at a time.
  static let linesPerBatch = 32
  /// How often a state is written, in seconds: what is lost at most, and a line's time.
  private static let secondsPerState = 5.0

  /// Opens a source and one model.
  ///
  /// - Throws: `SourceError`, `VerificationError`.
  public init(source: String, model path: String) throws { try self.init(source: source, models: [path]) }

  /// Opens a source, and one model or more that were made from it.
  ///
  /// - Throws: `SourceError`, `VerificationError`.
  public init(source: String, models paths: [String]) throws {
    reference = try FloatModel(source: source)
    self.source = source
    self.paths = paths
    var checksums: [UInt64] = []
    for path in paths {
      let file = try Self.open(path)
      unsafe checksums.append(file.bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self).littleEndian)
      let (f, a) = (reference.architecture, file.architecture)
      for (what, float, int8) in [
        ("the vocabulary", f.targetVocabulary, a.targetVocabulary), ("the width", f.width, a.width),
        ("the count of encoder layers", f.encoderLayers, a.encoderLayers),
        ("the count of decoder layers", f.decoderLayers, a.decoderLayers),
      ] where float != int8 {
        throw VerificationError.mismatch(what: what, source: float, model: int8)
      }
    }
    self.checksums = checksums
  }

  static func open(_ path: String) throws(VerificationError) -> ModelFile {
    do { return try unsafe openModelFile(path) } catch { throw .model(path: path, error) }
  }

  /// Whether lines can have references.
  public var translates: Bool { reference.architecture.hasCrossAttention }

  /// Verifies one model, line after line.
  public func verify(_ lines: [String]) throws -> Report { try verify(VerificationText(lines))[0] }

  /// Verifies all models, line after line.
  ///
  /// - Parameters:
  ///   - state: A file that keeps how far the run has come, and that the run goes on from.
  ///   - progress: Called with the count of lines that are done.
  /// - Returns: a report for each model.
  public func verify(
    _ text: VerificationText, state path: String? = nil, progress: (Int) -> Void = { _ in }
  ) throws -> [Report] {
    let identity = RunState.Identity(source: reference.checksum, models: checksums, text: text.checksum)
    let reports = try paths.map { Report(try Self.open($0).architecture) }
    var state = RunState(identity: identity, done: 0, reports: reports)
    if let path { state = try RunState.open(path, identity, reports) }
    let comparison = try comparison()
    var written = Date.distantPast
    while state.done < text.lines.count {
      let end = min(state.done + Self.linesPerBatch, text.lines.count)
      try comparison.run(text.lines[state.done..<end], &state.reports)
      state.done = end
      progress(end)
      if let path, end == text.lines.count || -written.timeIntervalSinceNow > Self.secondsPerState {
        try state.write(to: path)
        written = Date()
      }
    }
    return state.reports
  }

  private func comparison() throws -> any Comparison {
    let architecture = reference.architecture
    if architecture.decoderLayers == 0 {
      let models = try models { (file) throws(SwiftletError) in Shared(try Int8Encoder(file)) }
      return EncoderComparison(reference: reference, models: models)
    }
    let models = try models { (file) throws(SwiftletError) in Shared(try Int8Model(file)) }
    return architecture.encoderLayers == 0
      ? TextComparison(reference, models) : TranslationComparison(reference, models)
  }

  /// Makes something of each model's file.
  func models<Model>(
    _ make: (consuming ModelFile) throws(SwiftletError) -> Model
  ) throws(VerificationError) -> [Model] {
    var models: [Model] = []
    for path in paths {
      let file = try Self.open(path)
      do throws(SwiftletError) { models.append(try make(file)) } catch {
        throw .model(path: path, error)
      }
    }
    return models
  }
}
