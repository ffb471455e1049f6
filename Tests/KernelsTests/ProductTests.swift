import SwiftletKernelSelection
import SourcesTestSupport
import SwiftletKernels
import SwiftletKernelsPlain
import Testing

struct ProductTests {
  static let fast = InstructionSet.allCases.filter { $0 != .plain && $0.isSupported }

  /// Every count of tokens from 1 to 40, every count of inputs from 1 to 300 and of rows from 1 to 70, every grouping,
  /// extreme values: the same bits. Each size occurs, not each combination of sizes.
  @Test(arguments: fast, [0, 32, 64])
  func fastEqualsPlain(_ set: InstructionSet, group: Int) throws {
    let kernels = try #require(set.kernels)
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    let rows = (1...300).map { 1 + $0 % 70 }.shuffled(using: &random)
    let counts = (1...300).map { 1 + $0 % 40 }.shuffled(using: &random)
    for columns in 1...300 {
      let tokens = counts[columns - 1]
      let matrix = TestMatrix(
        rows: rows[columns - 1], columns: columns, group: group, usesOffset: Bool.random(using: &random),
        inputParts: Int.random(in: 1...2, using: &random),
        extreme: Int.random(in: 0..<4, using: &random) == 0, using: &random)
      let x = randomTokens(tokens, columns, using: &random)
      let activation = [Activation.none, .relu].randomElement(using: &random)!
      let plain = run(.plain, matrix.weights, x, activation: activation)
      let result = run(kernels, matrix.weights, x, activation: activation)
      let isSame = plain.map(\.bitPattern) == result.map(\.bitPattern)
      #expect(isSame, "rows \(matrix.rows), columns \(columns), tokens \(tokens)")
    }
  }

  /// Few tokens, which have code for each count, with one part of inputs and with two: the same bits.
  @Test(arguments: fast, [0, 32, 64])
  func fewTokensEqualPlain(_ set: InstructionSet, group: Int) throws {
    let kernels = try #require(set.kernels)
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for tokens in 1...9 {
      for (inputParts, rows) in [(1, 16), (2, 16), (1, 50), (2, 50), (1, 129), (2, 129)] {
        let matrix = TestMatrix(
          rows: rows, columns: Int.random(in: 1...300, using: &random), group: group,
          usesOffset: tokens % 2 == 0, inputParts: inputParts, extreme: Bool.random(using: &random),
          using: &random)
        let x = randomTokens(tokens, matrix.columns, using: &random)
        let plain = run(.plain, matrix.weights, x, activation: .relu)
        let result = run(kernels, matrix.weights, x, activation: .relu)
        let isSame = plain.map(\.bitPattern) == result.map(\.bitPattern)
        #expect(isSame, "\(rows) × \(matrix.columns), tokens \(tokens), parts \(inputParts)")
      }
    }
  }

  /// Inputs with factors and shifts: what each set makes of them is what it makes of the products and sums.
  @Test(arguments: InstructionSet.allCases.filter(\.isSupported), [32, 64])
  func mappedInputs(_ set: InstructionSet, group: Int) throws {
    let kernels = try #require(set.kernels)
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for columns in [1, 15, 16, 31, 32, 33, 63, 64, 65, 100, 128, 300] {
      for usesOffset in [false, true] {
        let matrix = TestMatrix(
          rows: 20, columns: columns, group: group, usesOffset: usesOffset, extreme: false, mapsInputs: true,
          using: &random)
        let x = randomTokens(5, columns, using: &random)
        let result = run(kernels, matrix.weights, x, activation: .none)
        let w = matrix.weights
        let unmapped = unsafe LinearWeights(
          rows: w.rows, columns: columns, group: group, usesOffset: usesOffset, tiles: w.tiles,
          scales: w.scales, sums: nil, bias: w.bias)
        let expected = run(.plain, unmapped, x.map { matrix.mapped($0) }, activation: .none)
        let isSame = result.map(\.bitPattern) == expected.map(\.bitPattern)
        #expect(isSame, "columns \(columns), offset \(usesOffset)")
      }
    }
  }

  /// Tiles by list, in any order and again: each comes out where its place is, with the bits of the whole product.
  @Test(arguments: InstructionSet.allCases.filter(\.isSupported), [0, 64])
  func listedTiles(_ set: InstructionSet, group: Int) throws {
    let kernels = try #require(set.kernels)
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    let matrix = TestMatrix(
      rows: 130, columns: 96, group: group, usesOffset: true, extreme: false, using: &random)
    for tokens in [1, 2, 5, 13] {
      let x = randomTokens(tokens, 96, using: &random)
      let whole = run(kernels, matrix.weights, x, activation: .relu)
      let list = (0..<11).map { _ in UInt32.random(in: 0..<9, using: &random) }
      let part = run(kernels, matrix.weights, x, activation: .relu, tiles: list)
      for token in 0..<tokens {
        for (place, tile) in list.enumerated() {
          let expected = whole[token * 144 + 16 * Int(tile)..<token * 144 + 16 * Int(tile) + 16]
          let found = part[token * 176 + 16 * place..<token * 176 + 16 * place + 16]
          let isSame = expected.map(\.bitPattern) == found.map(\.bitPattern)
          #expect(isSame, "token \(token), place \(place)")
        }
      }
    }
  }

  /// The plain product against exact arithmetic: the error is that of quantised activations.
  @Test(arguments: [0, 32, 64], [false, true])
  func plainIsNearExact(group: Int, usesOffset: Bool) {
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for trial in 0..<80 {
      let inputParts = 1 + trial % 2
      let matrix = TestMatrix(
        rows: Int.random(in: 1...40, using: &random), columns: Int.random(in: 1...200, using: &random),
        group: group, usesOffset: usesOffset, inputParts: inputParts, extreme: false, using: &random)
      let x = randomTokens(1, matrix.columns, using: &random)
      let result = run(.plain, matrix.weights, x, activation: .none)
      // |error| ≤ Σ |w| · scale of activations / 2, with room for float32. The second part's scale is 254 times less.
      let step = Double(x[0].map(abs).max()!) / 127 / (inputParts == 2 ? 254 : 1)
      for (row, expected) in matrix.exact(x[0]).enumerated() {
        let weights = zip(matrix.values[row], 0...).map { value, column in
          Double(matrix.rowScales[row][group == 0 ? 0 : column / group]) * abs(Double(value))
        }
        #expect(abs(Double(result[row]) - expected) <= weights.reduce(0, +) * step * 0.5 * 1.01 + 1e-4)
      }
    }
  }

  /// Rows of one value, of zero, and of values that are not numbers: no trap; constants are exact.
  @Test(arguments: InstructionSet.allCases.filter(\.isSupported), [0, 64])
  func unusualInputs(_ set: InstructionSet, group: Int) throws {
    let kernels = try #require(set.kernels)
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    let matrix = TestMatrix(
      rows: 20, columns: 70, group: group, usesOffset: true, extreme: false, using: &random)
    for value in [0, 1.5, -3, 1e-38] as [Float] {
      let x = [Float](repeating: value, count: 70)
      let result = run(kernels, matrix.weights, [x], activation: .none)
      for (row, expected) in matrix.exact(x).enumerated() {
        #expect(abs(Double(result[row]) - expected) < 1e-3)
      }
    }
    for value in [Float.nan, .infinity, -.infinity, 3e38] {
      var x = [Float](repeating: 0, count: 70)
      x[3] = value
      x[69] = -value
      _ = run(kernels, matrix.weights, [x], activation: .none)
    }
  }
}

/// Tokens of random floats, some rows one-sided, some constant.
func randomTokens(_ count: Int, _ columns: Int, using random: inout Seeded) -> [[Float]] {
  (0..<count).map { _ in
    switch Int.random(in: 0..<8, using: &random) {
    case 0: [Float](repeating: Float.random(in: -1...1, using: &random), count: columns)
    case 1: (0..<columns).map { _ in max(0, Float.random(in: -3...3, using: &random)) }
    default: (0..<columns).map { _ in Float.random(in: -3...3, using: &random) }
    }
  }
}
