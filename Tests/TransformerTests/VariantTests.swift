import Foundation
import SourcesTestSupport
import Swiftlet
import SwiftletConversion
import SwiftletFloatReference
import SwiftletKernelSelection
import Testing

/// The int8 forward pass against the float reference, over the choices that an architecture can make.
struct VariantTests {
  static let variants: [TinyMarian] = [
    TinyMarian(), TinyMarian { $0.activation = "swish" }, TinyMarian { $0.before = true },
    TinyMarian { $0.normalizesEmbedding = true }, TinyMarian { $0.scales = false },
    TinyMarian { ($0.ties, $0.heads) = (false, 1) }, TinyMarian { ($0.width, $0.heads) = (40, 2) },
    TinyMarian { ($0.before, $0.normalizesEmbedding, $0.activation, $0.width) = (true, true, "swish", 24) },
  ]

  /// A source of one token, of some, and of more than one block of the encoder.
  @Test(arguments: variants, [0, 32, 64])
  func nearFloat(_ tiny: TinyMarian, group: Int) throws {
    var tiny = tiny
    tiny.positions = 80
    let directory = try TemporaryDirectory()
    try tiny.writeWithText(to: directory)
    var options = QuantizationOptions()
    options.group = group
    let path = "\(directory.path)/model.swiftlet"
    _ = try Converter.convert(directory.path, to: path, options)
    let float = try FloatModel(source: directory.path)
    for count in [1, 7, 71] {
      let source = (0..<count).map { $0 == count - 1 ? 0 : 2 + $0 * 7 % 8 }
      let target = [2, 8, 5, 5, 6, 1, 0]
      var session = FloatSession(float)
      let expected = try session.teacherForced(source: source, target: target).logProbabilities
      for set in InstructionSet.allCases {
        guard let kernels = set.kernels else { continue }
        var translator = try unsafe Translator(path: path, kernels: kernels)
        let found = logits(&translator, source: source, target: target, start: float.decoding.startToken)
        for (step, values) in found.enumerated() {
          let worst = correlation(values, expected[step])
          #expect(worst > 0.995, "\(set), source of \(count), step \(step)")
        }
      }
    }
  }

  private func logits(
    _ translator: inout Translator, source: [Int], target: [Int], start: Int
  ) -> [[Float]] {
    let ids = source.map { UInt32($0) }
    translator.workspace.encode(ids.span, translator.model)
    return ([start] + target.dropLast()).map { token in
      translator.workspace.step(token, translator.model)
      let logits = translator.workspace.nextLogits
      return (0..<translator.model.architecture.targetVocabulary).map { logits[$0] }
    }
  }

  /// Pearson's correlation.
  private func correlation(_ x: [Float], _ y: [Float]) -> Double {
    let (a, b) = (x.map(Double.init), y.map(Double.init))
    let (meanA, meanB) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (p, q) in zip(a, b) {
      ab += (p - meanA) * (q - meanB)
      aa += (p - meanA) * (p - meanA)
      bb += (q - meanB) * (q - meanB)
    }
    return ab / (aa * bb).squareRoot()
  }
}
