import SourcesTestSupport
import Swiftlet
import SwiftletConversion
import SwiftletKernelSelection
import SwiftletModelFile
import SwiftletTransformer
import Testing

/// Every family in int8 against what PyTorch computes in floats: tiny models with random weights, all positions.
@Suite struct FamilyTests {
  /// What a model computes for a golden's tokens.
  private struct Outputs: Equatable {
    var encoder: [Float] = []
    var head: [Float] = []
    var logits: [Float] = []
    /// The bits of all.
    var bits: [UInt32] { (encoder + head + logits).map(\.bitPattern) }
  }

  @Test(arguments: FamilyGolden.namesWithText) func int8IsNearPyTorch(_ name: String) throws {
    let golden = try FamilyGolden(name)
    let directory = try TemporaryDirectory()
    try golden.writeWithText(to: directory)
    let path = "\(directory.path)/model.swiftlet"
    _ = try Converter.convert(directory.path, to: path)
    let found = try outputs(golden, path, .plain, threads: 1)
    let cosines = [
      cosine(golden.encoder, found.encoder), cosine(golden.head, found.head),
      cosine(golden.logits, found.logits),
    ]
    print("\(name): cosine of states \(cosines[0]), of the head \(cosines[1]), of logits \(cosines[2])")
    #expect(cosines.allSatisfy { $0 >= 0.99 })
    for set in InstructionSet.allCases where set.isSupported {
      #expect(try outputs(golden, path, set, threads: 1).bits == found.bits, "\(set)")
    }
    for threads in [2, 4] {
      #expect(
        try outputs(golden, path, .fastest, threads: threads).bits == found.bits, "\(threads) threads")
    }
  }

  private func outputs(
    _ golden: FamilyGolden, _ path: String, _ set: InstructionSet, threads: Int
  ) throws -> Outputs {
    let file = try unsafe ModelFile(path: path)
    let kernels = try #require(set.kernels)
    if file.architecture.task.decodes {
      var translator = try Translator(file, threads: threads, kernels: kernels)
      return decoded(golden, &translator)
    }
    var embedder = try Embedder(file, threads: threads, kernels: kernels)
    return encoded(golden, &embedder)
  }

  private func encoded(_ golden: FamilyGolden, _ embedder: inout Embedder) -> Outputs {
    let ids = golden.source.map { UInt32($0) }
    let second = golden.segments.firstIndex(of: 1) ?? .max
    embedder.workspace.encode(ids.span, secondSegment: second, embedder.model)
    var outputs = Outputs(encoder: states(embedder.workspace, embedder.model, ids.count))
    for token in golden.head.indices {
      embedder.runHead(token: token)
      outputs.head += embedder.result.indices.map { embedder.result[$0] }
    }
    return outputs
  }

  private func decoded(_ golden: FamilyGolden, _ translator: inout Translator) -> Outputs {
    var outputs = Outputs()
    if !golden.source.isEmpty {
      let ids = golden.source.map { UInt32($0) }
      translator.workspace.encode(ids.span, translator.model)
      outputs.encoder = states(translator.workspace, translator.model, ids.count)
    }
    translator.workspace.begin(0, source: 0)
    for token in golden.target {
      translator.workspace.step(token, translator.model)
      let logits = translator.workspace.nextLogits
      outputs.logits += (0..<translator.model.architecture.targetVocabulary).map { logits[$0] }
    }
    return outputs
  }

  private func states(
    _ workspace: borrowing Workspace, _ model: borrowing Model, _ count: Int
  ) -> [Float] {
    let states = workspace.encoderStates
    return (0..<count * model.architecture.width).map { states[$0] }
  }

  /// The cosine over all rows; 1 where there are none.
  private func cosine(_ expected: [[Float]], _ found: [Float]) -> Double {
    let expected = expected.flatMap { $0 }.map(Double.init)
    guard !expected.isEmpty else { return 1 }
    guard expected.count == found.count else { return 0 }
    var (product, first, second) = (0.0, 0.0, 0.0)
    for (a, b) in zip(expected, found.map(Double.init)) {
      product += a * b
      first += a * a
      second += b * b
    }
    return product / (first * second).squareRoot()
  }
}
