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
      unsafe kernels.normalize(x, 3, width, gain, bias, 1e-5, &result)
      unsafe KernelSet.plain.normalize(x, 3, width, gain, bias, 1e-5, &plain)
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
  func rootMeanSquareNorm(_ set: InstructionSet) throws {
    let kernels = try #require(set.kernels)
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for width in [1, 15, 16, 17, 64, 172, 300] {
      let (x, gain) = (floats(3 * width, &random), floats(width, &random))
      var (result, plain) = ([Float](repeating: 0, count: 3 * width), [Float](repeating: 0, count: 3 * width))
      unsafe kernels.normalize(x, 3, width, gain, nil, 1e-5, &result)
      unsafe KernelSet.plain.normalize(x, 3, width, gain, nil, 1e-5, &plain)
      #expect(result.map(\.bitPattern) == plain.map(\.bitPattern))
      for row in 0..<3 {
        let values = x[row * width..<(row + 1) * width].map(Double.init)
        let mean = values.reduce(0) { $0 + $1 * $1 } / Double(width)
        for column in 0..<width {
          let exact = values[column] / (mean + 1e-5).squareRoot() * Double(gain[column])
          #expect(abs(Double(result[row * width + column]) - exact) < 1e-5, "width \(width)")
        }
      }
    }
  }

  private static func exact(_ function: PointwiseFunction, _ x: Double) -> Double {
    switch function {
    case .relu: max(0, x)
    case .swish: x / (1 + exp(-x))
    case .gelu: x / 2 * (1 + erf(x / 2.0.squareRoot()))
    case .geluTanh: x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .tanh: tanh(x)
    }
  }

  @Test(arguments: all, [PointwiseFunction.relu, .swish, .gelu, .geluTanh, .tanh])
  func activation(_ set: InstructionSet, function: PointwiseFunction) throws {
    let kernels = try #require(set.kernels)
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for (width, isGated) in [(1, true), (16, false), (17, true), (100, false), (100, true)] {
      let stride = 2 * width + 3
      let x = floats(3 * stride, in: -9...9, &random)
      var (result, plain) = (x, x)
      unsafe kernels.activate(&result, stride, 3, width, function, isGated)
      unsafe KernelSet.plain.activate(&plain, stride, 3, width, function, isGated)
      #expect(result.map(\.bitPattern) == plain.map(\.bitPattern))
      for place in 0..<3 * stride {
        let column = place % stride
        guard column < width else {
          #expect(result[place] == x[place], "only the first \(width) change")
          continue
        }
        let exact = Self.exact(function, Double(x[place])) * (isGated ? Double(x[place + width]) : 1)
        #expect(abs(Double(result[place]) - exact) < 2e-5)
      }
    }
  }

  @Test(arguments: all)
  func rotation(_ set: InstructionSet) throws {
    let kernels = try #require(set.kernels)
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for (headWidth, rotaryWidth) in [(2, 2), (8, 8), (24, 6), (64, 64), (80, 40)] {
      let half = rotaryWidth / 2
      let frequencies = (0..<half).map { Float(pow(10_000, -2 * Double($0) / Double(rotaryWidth))) }
      let x = floats(3 * headWidth, &random)
      for position in [0, 1, 500] {
        var (result, plain) = (x, x)
        unsafe kernels.rotate(&result, 3, headWidth, frequencies, rotaryWidth, position)
        unsafe KernelSet.plain.rotate(&plain, 3, headWidth, frequencies, rotaryWidth, position)
        #expect(result.map(\.bitPattern) == plain.map(\.bitPattern))
        for head in 0..<3 {
          for pair in 0..<half {
            let angle = Double(position) * Double(frequencies[pair])
            let (a, b) = (head * headWidth + pair, head * headWidth + pair + half)
            let first = Double(x[a]) * cos(angle) - Double(x[b]) * sin(angle)
            let second = Double(x[b]) * cos(angle) + Double(x[a]) * sin(angle)
            #expect(abs(Double(result[a]) - first) < 2e-4 && abs(Double(result[b]) - second) < 2e-4)
          }
          for rest in head * headWidth + rotaryWidth..<(head + 1) * headWidth {
            #expect(result[rest] == x[rest])
          }
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
      unsafe kernels.add(y, stride, &result, 4, width)
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
      unsafe kernels.embed(table.weights, token, 16, false, &row)
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
        unsafe kernels.position(position, frequencies, layout, width, &x)
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
      let choice = unsafe kernels.likeliest(logits, count)
      let exact = logits[..<count].map { Double($0) - Double(logits[top]) }
      #expect(choice.index == first)
      #expect(abs(Double(choice.logProbability) + log(exact.reduce(0) { $0 + exp($1) })) < 1e-5)
      #expect(
        choice.logProbability.bitPattern == KernelSet.plain.likeliest(logits, count).logProbability.bitPattern
      )
    }
    _ = unsafe kernels.likeliest([Float](repeating: .nan, count: 16), 16)
  }
}
