import Foundation
import SourcesTestSupport
import Swiftlet
import SwiftletConversion
import SwiftletFamilies
import SwiftletModelFile
import SwiftletVerification
import Testing

/// A tensor that is a little too large fails, and is named; channels that were only rescaled pass.
@Suite struct DamageTests {
  /// The English-French model, converted once for each grouping of scales.
  static let models: [Int: String] = Dictionary(
    uniqueKeysWithValues: [0, 64].map { group in
      guard let directory = try? TemporaryDirectory() else { return (group, "/nonexistent") }
      let path = "\(directory.path)/model.swiftlet"
      var options = QuantizationOptions()
      options.group = group
      _ = try? Converter.convert(AccuracyTests.weights, to: path, options)
      return (group, path)
    })

  /// The findings on ten lines, and the verdict.
  private func judge(_ path: String) throws -> (Findings, Verdict) {
    let text = try VerificationText(path: "\(AccuracyTests.weights)/dev.tsv", limit: 10)
    let findings = try Verifier(source: AccuracyTests.weights, model: path).findings(text)[0]
    return (findings, Verdict(findings, VerdictLimits()))
  }

  private func path(_ group: Int) throws -> String { try #require(Self.models[group]) }

  @Test(arguments: [0, 64]) func soundModelsPass(_ group: Int) throws {
    let (findings, verdict) = try judge(path(group))
    #expect(verdict.passes, "\(verdict.failures.map(\.complaint))")
    for tensor in findings.tensors where tensor.roundingDecibels != nil {
      #expect(tensor.outputDecibels > 38, "\(tensor.title)")
      #expect(!tensor.isRescaled, "\(tensor.title)")
    }
  }

  @Test(arguments: [
    ("encoder.0.self-query-key-value", 64), ("encoder.2.feed-forward-in", 64), ("decoder.1.self-output", 64),
    ("decoder.2.cross-query", 64), ("decoder.0.cross-key-value", 0), ("decoder.1.feed-forward-out", 0),
    ("source-embedding", 64),
  ])
  func twoPercentTooLargeIsNamed(_ tensor: String, _ group: Int) throws {
    let directory = try TemporaryDirectory()
    var model = try PatchedModel(path(group))
    try model.scale(tensor, in: path(group), by: 1.02)
    try model.write(to: "\(directory.path)/damaged.swiftlet")
    let (_, verdict) = try judge("\(directory.path)/damaged.swiftlet")
    let gain = try #require(verdict.checks.first { $0.name == "tensor-gain" })
    #expect(!verdict.passes && !gain.passes)
    #expect(gain.offenders.contains { $0.hasPrefix(tensor) }, "\(gain.offenders)")
    // Embeddings are the output projection, too.
    let names = tensor == "source-embedding" ? [tensor, "output"] : [tensor]
    #expect(
      gain.offenders.allSatisfy { place in names.contains { place.hasPrefix($0) } }, "\(gain.offenders)")
  }

  @Test func oneRowTooLargeIsNamed() throws {
    let directory = try TemporaryDirectory()
    var model = try PatchedModel(path(64))
    try model.scale("decoder.2.self-output", in: path(64), by: 1.02, rows: 17..<18)
    try model.write(to: "\(directory.path)/damaged.swiftlet")
    let (findings, verdict) = try judge("\(directory.path)/damaged.swiftlet")
    let rows = try #require(verdict.checks.first { $0.name == "tensor-rows" })
    #expect(!rows.passes && rows.offenders.count == 1)
    #expect(rows.offenders[0].hasPrefix("decoder.2.self-output has 1, row 17 by 1.0"))
    #expect(findings.tensors.first { $0.rowsOff > 0 }?.worstRow == 17)
  }

  /// Values and the projection behind attention, queries and keys, and both feed-forward projections, each with factors
  /// from 1/3 to 3 that cancel.
  @Test func rescaledChannelsPass() throws {
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/rescaled.swiftlet"
    var source = try ModelImporter.load(AccuracyTests.weights)
    try rescale(&source)
    let sound = try unsafe openModelFile(self.path(64))
    let tokenizer = unsafe [UInt8](sound.section(.sourceTokenizer))
    let isShared = sound.sharesTokenizer
    #expect(isShared)
    _ = try source.write(
      to: path, QuantizationOptions(), TokenizerSections(source: tokenizer), progress: { _, _, _ in })
    let (findings, verdict) = try judge(path)
    #expect(verdict.passes, "\(verdict.failures.map(\.complaint))")
    let rescaled = Set(findings.tensors.filter(\.isRescaled).map(\.name))
    #expect(rescaled.isSuperset(of: ["encoder.0.feed-forward-in", "decoder.1.cross-output"]), "\(rescaled)")
    // The same with one tensor 2 % too large fails all the same, and names the joint.
    var model = try PatchedModel(path)
    try model.scale("encoder.1.feed-forward-out", in: path, by: 1.02)
    try model.write(to: "\(directory.path)/damaged.swiftlet")
    let gains = try judge("\(directory.path)/damaged.swiftlet").1.checks.first { $0.name == "tensor-gain" }
    let offenders = try #require(gains).offenders
    #expect(offenders.contains { $0.hasPrefix("encoder.1.feed-forward-out") }, "\(offenders)")
    #expect(offenders.allSatisfy { $0.hasPrefix("encoder.1.feed-forward-") }, "\(offenders)")
  }

  private func rescale(_ model: inout ImportedModel) throws {
    let a = model.architecture
    let width = a.width
    for (stack, layers, inner) in [
      (Stack.encoder, a.encoderLayers, a.encoderFeedForward),
      (.decoder, a.decoderLayers, a.decoderFeedForward),
    ] {
      for layer in 0..<layers {
        func name(_ part: TensorPart) -> TensorName { TensorName(stack, layer: layer, part) }
        func factor(_ channel: Int) -> Float { pow(3, sin(Float(channel + layer))) }
        try change(&model, name(.feedForwardIn), width) { row, _ in factor(row) }
        try change(&model, name(.feedForwardOut), inner) { _, column in 1 / factor(column) }
        try change(&model, name(.selfQueryKeyValue), width) { row, _ in
          row < width ? factor(row) : row < 2 * width ? 1 / factor(row - width) : factor(row - 2 * width)
        }
        try change(&model, name(.selfOutput), width) { _, column in 1 / factor(column) }
        guard stack == .decoder else { continue }
        try change(&model, name(.crossKeyValue), width) { row, _ in row < width ? 1 : factor(row - width) }
        try change(&model, name(.crossOutput), width) { _, column in 1 / factor(column) }
      }
    }
  }

  /// Multiplies the weights of a tensor, and its biases as its rows.
  private func change(
    _ model: inout ImportedModel, _ name: TensorName, _ columns: Int, _ factor: (Int, Int) -> Float
  ) throws {
    let tensor = model.tensor(name)
    let weights = try tensor.rows.floats()
    let changed = weights.indices.map { weights[$0] * factor($0 / columns, $0 % columns) }
    let bias = try tensor.bias?.floats()
    // A factor of columns is none of biases.
    let isRows = factor(1, 0) == factor(1, 1)
    let changedBias = bias.map { bias in bias.indices.map { bias[$0] * (isRows ? factor($0, 0) : 1) } }
    model.tensors[name] = ImportedTensor(
      ComputedRows(changed, length: columns), bias: changedBias.map { ComputedRows($0, length: 1) })
  }
}
