import SwiftletFamilies
import SwiftletFloatReference
import SwiftletModelFile

/// What a text says about the inputs of each matrix of a model, found out by running the float reference over it: an
/// encoder reads the text, a decoder alone reads it too, and with both the decoder reads what the model itself translates
/// it to.
///
/// Second moments of all matrices may be more than memory holds: they are gathered for as many as fit into `memory` bytes
/// at a time, in the order in which they are asked for, with a pass over the text for each such part.
final class Calibration {
  /// A text as tokens: what the encoder reads, what the decoder reads.
  private struct Sample: Sendable {
    let source: [Int]
    let target: [Int]
  }

  private let reference: FloatModel
  private let collector: InputCollector
  /// Matrices in the order of the file, those of the same numbers once.
  private let matrices: [(key: String, columns: Int)]
  private let keys: [TensorName: String]
  private let samples: [Sample]
  private let memory: Int
  private let progress: (Int, Int, String) throws -> Void
  /// How many of the matrices were gathered: the last of them are there, those before are not any more.
  private var gathered = 0

  /// Reads the model's weights, and translates the text if the model is one that translates.
  ///
  /// - Parameters:
  ///   - tokenizer: the tokenizer section of the source.
  ///   - progress: called with a number, the count, and what is done.
  init(
    _ model: ImportedModel, tokenizer: [UInt8], _ text: CalibrationText, memory: Int = 600_000_000,
    progress: @escaping (Int, Int, String) throws -> Void
  ) throws {
    let list = TensorList(model.architecture)
    var keys: [TensorName: String] = [:]
    var matrices: [(key: String, columns: Int)] = []
    for tensor in (0..<list.count).map({ list[$0] }) where tensor.element == .int8 {
      let key = Self.key(model.tensor(tensor.name), tensor.name)
      keys[tensor.name] = key
      if !matrices.contains(where: { $0.key == key }) { matrices.append((key, tensor.columns)) }
    }
    collector = InputCollector(keys)
    reference = try FloatModel(model).looking(through: collector.lenses)
    samples = try Self.samples(text, tokenizer, reference, progress)
    self.keys = keys
    self.matrices = matrices
    self.memory = memory
    self.progress = progress
  }

  /// What the numbers of a tensor are called.
  private static func key(_ tensor: ImportedTensor, _ name: TensorName) -> String {
    tensor.rows.identity ?? name.description
  }

  /// The statistics of a matrix's inputs; nil if the model gave it none.
  ///
  /// Matrices are asked for in the file's order, those of the same numbers with the first of them.
  func statistics(of name: TensorName) throws -> InputStatistics? {
    guard let key = keys[name], let place = matrices.firstIndex(where: { $0.key == key }) else { return nil }
    while gathered <= place { try gatherNext() }
    return collector.statistics[key].flatMap { $0.count > 0 ? $0 : nil }
  }

  /// Gathers as many of the next matrices' statistics as fit, at least one's.
  private func gatherNext() throws {
    var wanted: [(key: String, columns: Int)] = []
    var size = 0
    while gathered < matrices.count {
      let next = InputStatistics.bytes(columns: matrices[gathered].columns)
      if !wanted.isEmpty, size + next > memory { break }
      wanted.append(matrices[gathered])
      size += next
      gathered += 1
    }
    collector.gather(wanted)
    collector.isWatching = true
    defer { collector.isWatching = false }
    for (index, sample) in samples.enumerated() {
      try progress(index + 1, samples.count, "calibration: inputs of \(wanted.count) matrices")
      var session = FloatSession(reference)
      if sample.target.isEmpty {
        _ = try reference.head(try session.encoderStates(sample.source).output)
      } else if sample.source.isEmpty {
        _ = try session.read(sample.target)
      } else {
        _ = try session.teacherForced(source: sample.source, target: sample.target)
      }
    }
  }

  private static func samples(
    _ text: CalibrationText, _ tokenizer: [UInt8], _ reference: FloatModel,
    _ progress: (Int, Int, String) throws -> Void
  ) throws -> [Sample] {
    let a = reference.architecture
    let tokens = try CalibrationTokens(section: tokenizer, longest: min(a.positions, 512))
    let texts = try text.lines.compactMap { try tokens($0) }
    guard !texts.isEmpty else {
      throw CalibrationError.nothingToRead(path: text.path, lines: text.lines.count, positions: a.positions)
    }
    if a.decoderLayers == 0 { return texts.map { Sample(source: $0, target: []) } }
    if a.encoderLayers == 0 { return texts.map { Sample(source: [], target: $0) } }
    var samples: [Sample] = []
    for start in stride(from: 0, to: texts.count, by: 16) {
      try progress(start, texts.count, "calibration: translating")
      let batch = Array(texts[start..<min(start + 16, texts.count)])
      let targets = try reference.forEach(count: batch.count) { index, session throws(ReferenceError) in
        let longest = min(a.positions, 2 * batch[index].count + 16)
        return try session.greedy(source: batch[index], maxTokens: longest).ids
      }
      samples += zip(batch, targets).map { Sample(source: $0, target: $1) }
    }
    return samples
  }
}
