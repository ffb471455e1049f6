import Foundation
import SwiftletKernelSelection
import SourcesTestSupport
import SwiftletKernels
import SwiftletKernelsPlain
import Testing

/// Kernels that are written once: each instruction set's against the plain set's bits, and against the formula in
/// Double.
struct SharedKernelTests {
  static let all = InstructionSet.allCases.filter(\.isSupported)

  private func floats(
    _ count: Int, in range: ClosedRange<Float> = -3...3, _ random: inout Seeded
  ) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &random) }
  }

  @Test(arguments: all)
  func layerNorm(_ set: InstructionSet) throws {
    let kernels = try #require(set.kernels)
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for width in [1, 2, 15, 16, 17, 31, 64, 100, 256, 300] {
      let x = floats(3 * width, in: 90...110, &random)
      let (gain, bias) = (floats(width, &random), floats(width, &random))
      var (result, plain) = ([Float](repeating: 0, count: 3 * width), [Float](repeating: 0, count: 3 * width))
      kernels.normalize(x, 3, width, gain, bias, 1e-5, &result)
      KernelSet.plain.normalize(x, 3, width, gain, bias, 1e-5, &plain)
      #expect(result.map(\.bitPattern) == plain.map(\.bitPattern))
      for row in 0..<3 {
        let values = x[row * width..<(row + 1) * width].map(Double.init)
        let mean = values.reduce(0, +) / Double(width)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
        for column in 0..<width {
          let exact =
            (values[column] - mean) / (variance + 1e-5).squareRoot() * Double(gain[column])
            + Double(bias[column])
          #expect(abs(Double(result[row * width + column]) - exact) < 1e-3, "width \(width)")
        }
      }
    }
  }

  @Test(arguments: all)
  func residual(_ set: InstructionSet) throws {
    let kernels = try #require(set.kernels)
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for width in [1, 16, 33] {
      let stride = roundUp(width, to: 16)
      let (y, x) = (floats(4 * stride, &random), floats(4 * width, &random))
      var result = x
      kernels.add(y, stride, &result, 4, width)
      for row in 0..<4 {
        for column in 0..<width {
          let expected = x[row * width + column] + y[row * stride + column]
          #expect(result[row * width + column] == expected)
        }
      }
    }
  }

  @Test(arguments: all, [0, 32, 64])
  func embedding(_ set: InstructionSet, group: Int) throws {
    let kernels = try #require(set.kernels)
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    let table = TestMatrix(
      rows: 37, columns: 70, group: group, usesOffset: false, extreme: false, using: &random)
    for token in [0, 15, 16, 36] {
      var row = [Float](repeating: 0, count: 70)
      kernels.embed(table.weights, token, 16, &row)
      for column in 0..<70 {
        let scale = table.rowScales[token][group == 0 ? 0 : column / group]
        #expect(row[column] == Float(table.values[token][column]) * scale * 16)
      }
    }
  }

  /// PE(pos, 2i) = sin(pos / 10000^(2i/d)), PE(pos, 2i+1) = cos(the same), in both layouts.
  @Test(arguments: all, [PositionLayout.halves, .interleaved])
  func positions(_ set: InstructionSet, layout: PositionLayout) throws {
    let kernels = try #require(set.kernels)
    for width in [2, 5, 32, 70, 256] {
      let sines = (width + 1) / 2
      let frequencies = (0..<sines).map { Float(pow(10_000, -2 * Double($0) / Double(width))) }
      for position in [0, 1, 17, 511] {
        var x = [Float](repeating: 1, count: width)
        kernels.position(position, frequencies, layout, width, &x)
        for pair in 0..<sines {
          let angle = Double(position) * pow(10_000, -2 * Double(pair) / Double(width))
          let first = layout == .halves ? pair : 2 * pair
          let second = layout == .halves ? sines + pair : 2 * pair + 1
          #expect(abs(Double(x[first]) - 1 - sin(angle)) < 5e-5)
          if second < width { #expect(abs(Double(x[second]) - 1 - cos(angle)) < 5e-5) }
        }
      }
    }
  }

  @Test(arguments: all)
  func likeliest(_ set: InstructionSet) throws {
    let kernels = try #require(set.kernels)
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for count in [1, 2, 15, 16, 17, 31, 100, 6001] {
      var logits = floats(roundUp(count, to: 16), in: -20...20, &random)
      for index in count..<logits.count { logits[index] = 1000 }  // padding is never chosen
      let top = (0..<count).max { logits[$0] < logits[$1] }!
      if top > 0 { logits[Int.random(in: 0..<top, using: &random)] = logits[top] }  // a tie
      let first = (0..<count).first { logits[$0] == logits[top] }!
      let choice = kernels.likeliest(logits, count)
      let exact = logits[..<count].map { Double($0) - Double(logits[top]) }
      #expect(choice.index == first)
      #expect(abs(Double(choice.logProbability) + log(exact.reduce(0) { $0 + exp($1) })) < 1e-5)
      #expect(
        choice.logProbability.bitPattern == KernelSet.plain.likeliest(logits, count).logProbability.bitPattern
      )
    }
    _ = kernels.likeliest([Float](repeating: .nan, count: 16), 16)
  }
}
