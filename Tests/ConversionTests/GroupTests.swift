import SwiftletModelFile
import Testing

@testable import SwiftletConversion

/// Which inputs share a scale, and which have two parts, where options don't say it.
@Suite struct GroupTests {
  private func tensor(
    _ name: TensorName = TensorName(.encoder, .feedForwardIn), columns: Int
  ) -> Tensor {
    Tensor(name, .int8, rows: 512, columns: columns)
  }

  private func architecture(width: Int) -> Architecture {
    var architecture = Architecture()
    (architecture.width, architecture.encoderLayers, architecture.encoderFeedForward) = (width, 2, 4 * width)
    return architecture
  }

  /// 288 inputs are nine groups of 32, or five of 64 with a tenth of padding. A narrow model has groups of 32.
  @Test(arguments: [
    (256, 256, 64), (288, 288, 32), (384, 384, 64), (300, 1024, 64), (512, 32, 32), (128, 512, 32),
    (64, 172, 32),
  ])
  func groupsAreChosen(_ width: Int, _ columns: Int, _ expected: Int) {
    var options = QuantizationOptions()
    #expect(options.group(of: tensor(columns: columns), in: architecture(width: width)) == expected)
    for group in [0, 32, 64] {
      options.group = group
      #expect(options.group(of: tensor(columns: columns), in: architecture(width: width)) == group)
    }
  }

  @Test func narrowModelsHaveAllInputsInTwoParts() {
    let options = QuantizationOptions()
    for (width, expected) in [(128, true), (256, false)] {
      let matrix = tensor(columns: width)  // Of the first of two layers.
      #expect(options.refinesInputs(matrix, of: architecture(width: width)) == expected)
    }
  }

  /// A step's matrices are the decoder's but those that meet the source's states, and the output's.
  @Test func whatStepsMultiplyIsRefinedWhereThereAreAnEncoderAndADecoder() {
    var both = architecture(width: 256)
    (both.decoderLayers, both.decoderFeedForward) = (2, 1024)
    let names: [(TensorName, isOfSteps: Bool)] = [
      (TensorName(.decoder, .selfQueryKeyValue), true), (TensorName(.decoder, layer: 1, .crossQuery), true),
      (TensorName(.decoder, .crossKeyValue), false), (TensorName(.encoder, layer: 1, .selfOutput), false),
      (TensorName(.shared, .output), true), (TensorName(.shared, .targetEmbedding), false),
    ]
    for (name, isOfSteps) in names {
      let matrix = tensor(name, columns: 256)
      #expect(QuantizationOptions().refinesInputs(matrix, of: both) == isOfSteps, "\(name)")
    }
  }
}
