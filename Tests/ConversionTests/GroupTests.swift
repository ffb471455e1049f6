import SwiftletModelFile
import Testing

@testable import SwiftletConversion

/// Which inputs share a scale, and which have two parts, where options don't say it.
@Suite struct GroupTests {
  private func tensor(columns: Int) -> Tensor {
    Tensor(TensorName(.encoder, .feedForwardIn), .int8, rows: 512, columns: columns)
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
}
