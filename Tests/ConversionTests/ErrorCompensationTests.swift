import Foundation
import SourcesTestSupport
import SwiftletFamilies
import SwiftletModelFile
import Testing

@testable import SwiftletConversion

/// The methods of calibration, each alone, on small matrices.
@Suite struct ErrorCompensationTests {
  /// Tokens whose inputs depend on each other, and on average are not zero.
  private func tokens(_ count: Int, _ columns: Int, _ random: inout Seeded) -> [Float] {
    let mixing = (0..<columns * columns).map { _ in Float.random(in: -1...1, using: &random) }
    return (0..<count).flatMap { _ in
      let causes = (0..<columns).map { Float.random(in: -1...1, using: &random) / Float(1 + $0) }
      return (0..<columns).map { row in
        (0..<columns).reduce(Float(row % 3)) { $0 + mixing[row * columns + $1] * causes[$1] }
      }
    }
  }

  private func statistics(_ inputs: [Float], columns: Int) -> InputStatistics {
    let statistics = InputStatistics(columns: columns)
    // In pieces, as sentences come.
    var rest = inputs[...]
    while !rest.isEmpty {
      statistics.add(Array(rest.prefix(7 * columns)))
      rest = rest.dropFirst(7 * columns)
    }
    return statistics
  }

  /// Σ over the tokens of the squared error of a row's output, in Double.
  private func outputError(_ inputs: [Float], _ weights: [Float], _ rounded: [Float]) -> Double {
    let columns = weights.count
    return (0..<inputs.count / columns).reduce(0.0) { sum, token in
      let error = (0..<columns).reduce(0.0) {
        $0 + Double(inputs[token * columns + $1]) * Double(weights[$1] - rounded[$1])
      }
      return sum + error * error
    }
  }

  @Test(arguments: [1, 5, 8, 13, 40]) func momentsAreMeansOfProducts(_ columns: Int) {
    var random = Seeded(1, test: "moments")
    let inputs = tokens(150, columns, &random)
    let statistics = statistics(inputs, columns: columns)
    #expect(statistics.count == 150)
    let map = InputMap(
      factors: (0..<columns).map { _ in Double.random(in: 0.5...2, using: &random) },
      means: statistics.meansAndSquares.means)
    for map in [InputMap(identity: columns), map] {
      let moments = statistics.moments(map)
      for i in 0..<columns {
        for j in i..<columns {
          func mapped(_ token: Int, _ column: Int) -> Double {
            Double(inputs[token * columns + column]) * Double(map.factors[column])
              + Double(map.shifts[column])
          }
          let exact = (0..<150).reduce(0.0) { $0 + mapped($1, i) * mapped($1, j) } / 150
          #expect(abs(moments[i * columns + j] - exact) < 1e-4 * (1 + abs(exact)))
        }
      }
    }
  }

  @Test func someTokensAreKept() {
    let statistics = statistics((0..<3000).map { Float($0) }, columns: 3)
    #expect(statistics.count == 1000 && statistics.samples.count / 3 >= 256)
    #expect(statistics.samples.count / 3 < 512 && statistics.samples[0] == 0)
  }

  @Test func theRootIsOfTheMoments() throws {
    var random = Seeded(2, test: "root")
    let moments = statistics(tokens(80, 9, &random), columns: 9).moments(InputMap(identity: 9))
    let root = try #require(UpperRoot(moments, columns: 9, damping: 0))
    for i in 0..<9 {
      for j in i..<9 {
        let product = (j..<9).reduce(0.0) { $0 + root.values[i * 9 + $1] * root.values[j * 9 + $1] }
        #expect(abs(product - moments[i * 9 + j]) < 1e-9)
      }
    }
    #expect(UpperRoot([Double](repeating: 0, count: 4), columns: 2, damping: 0.1) == nil)
  }

  /// On the text itself, rounding with compensation costs no more than plain rounding; most often far less.
  @Test func compensationMakesErrorsSmaller() throws {
    var random = Seeded(3, test: "compensation")
    var (plain, compensated) = (0.0, 0.0)
    let inputs = tokens(300, 70, &random)
    let moments = statistics(inputs, columns: 70).moments(InputMap(identity: 70))
    let root = try #require(UpperRoot(moments, columns: 70, damping: 0.01))
    var tensor = Tensor(TensorName(.encoder, .selfOutput), .int8, rows: 1, columns: 70)
    tensor.group = 32
    var rounding = Rounding(tensor)
    rounding.compensation = ErrorCompensation(root, factors: [Float](repeating: 1, count: 70))
    for _ in 0..<50 {
      let row = (0..<70).map { _ in Float.random(in: -1...1, using: &random) }
      func rounded(_ rounding: Rounding) -> [Float] {
        let (scales, values) = rounding(row)
        return row.indices.map { Float(values[$0]) * scales[$0 / 32] }
      }
      plain += outputError(inputs, row, rounded(Rounding(tensor)))
      compensated += outputError(inputs, row, rounded(rounding))
    }
    #expect(compensated < 0.5 * plain)
  }

  /// With independent inputs there is nothing to make up for.
  @Test func independentInputsAreRoundedPlainly() throws {
    var random = Seeded(4, test: "independent")
    let identity = (0..<64).map { $0 % 9 == 0 ? 1.0 : 0 }
    let root = try #require(UpperRoot(identity, columns: 8, damping: 0))
    let compensation = ErrorCompensation(root, factors: [Float](repeating: 1, count: 8))
    let row = (0..<8).map { _ in Float.random(in: -1...1, using: &random) }
    let rounded = compensation.rounded(row[...], scales: [0.01], group: 8)
    #expect(rounded == row.map { Int8(nearestMultiple(of: 0.01, to: $0)) })
  }

  @Test(arguments: [false, true]) func theScaleWithTheLeastError(isBFloat16: Bool) {
    var random = Seeded(5, test: "scales")
    let scale = WeightScale(isBFloat16: isBFloat16)
    let alike = [Float](repeating: 1, count: 64)[...]
    for _ in 0..<50 {
      let weights = (0..<64).map { _ in Float.random(in: -1...1, using: &random) }[...]
      func error(_ scale: Float) -> Float {
        weights.reduce(0) {
          let difference = $1 - nearestMultiple(of: scale, to: $1) * scale
          return $0 + difference * difference
        }
      }
      let (best, largest) = (scale.best(for: weights, importance: alike), scale.largest(weights))
      #expect(scale.best(for: weights, importance: []) == largest)
      #expect(best <= largest && best > 0.8 * largest)
      #expect(error(best) <= error(largest) * 1.0001)
      #expect(!isBFloat16 || best.bitPattern & 0xFFFF == 0)
    }
    #expect(scale.best(for: [0, 0], importance: [1, 1]) == 0)
  }

  /// W x + b = (W / f) (f x + s) + b′, exactly but for rounding.
  @Test func mapsOfInputsChangeNothingInFloat() throws {
    var random = Seeded(6, test: "maps")
    let inputs = tokens(40, 24, &random)
    let weights = (0..<5 * 24).map { _ in Float.random(in: -1...1, using: &random) }
    let bias = (0..<5).map { _ in Float.random(in: -1...1, using: &random) }
    let factors = (0..<24).map { _ in Double.random(in: 0.1...10, using: &random) }
    let map = InputMap(
      factors: factors, means: statistics(inputs, columns: 24).meansAndSquares.means)
    let mapped = try map.bias(bias, of: ComputedRows(weights, length: 24))
    for token in 0..<40 {
      for row in 0..<5 {
        var (plain, other) = (Double(bias[row]), Double(mapped[row]))
        for column in 0..<24 {
          let (x, w) = (Double(inputs[token * 24 + column]), Double(weights[row * 24 + column]))
          let (f, s) = (Double(map.factors[column]), Double(map.shifts[column]))
          plain += w * x
          other += w / f * (f * x + s)
        }
        #expect(abs(plain - other) < 1e-5)
      }
    }
  }

  /// A clean output needs one scale a row only; without leave the group stays.
  @Test func rowsWhereTheyAreEnough() throws {
    var random = Seeded(8, test: "rows")
    // Inputs that depend on few causes: errors can be made up for.
    let mixing = (0..<512 * 4).map { _ in Float.random(in: -1...1, using: &random) }
    let inputs = (0..<100).flatMap { _ in
      let causes = (0..<4).map { _ in Float.random(in: -1...1, using: &random) }
      return (0..<512).map { row in (0..<4).reduce(Float(0)) { $0 + mixing[row * 4 + $1] * causes[$1] } }
    }
    let statistics = statistics(inputs, columns: 512)
    let weights = (0..<16 * 512).map { _ in Float.random(in: -1...1, using: &random) }
    var tensor = Tensor(TensorName(.encoder, .feedForwardOut), .int8, rows: 16, columns: 512)
    tensor.group = 64
    for (usesOffset, choosesGroup, isTable) in [
      (true, true, false), (true, false, false), (true, true, true),
    ] {
      tensor.usesOffset = usesOffset
      let best = try MatrixCalibration.best(
        tensor, ComputedRows(weights, length: 512), statistics, isTable: isTable, choosesGroup: choosesGroup)
      let isClean = best.gain.decibelsAfter >= 50
      #expect(best.group == (isClean && choosesGroup && !isTable ? 0 : 64))
    }
  }

  /// One input that is far larger than the others, one that is never near zero: a map is found, and it is better.
  @Test func outliersGetAMap() throws {
    var random = Seeded(7, test: "outliers")
    let columns = 64
    let inputs = (0..<200 * columns).map { index in
      Float.random(in: -1...1, using: &random) * (index % columns == 3 ? 50 : 1)
        + (index % columns == 40 ? 20 : 0)
    }
    let statistics = statistics(inputs, columns: columns)
    let weights = (0..<32 * columns).map { _ in Float.random(in: -1...1, using: &random) }
    var tensor = Tensor(TensorName(.encoder, .selfOutput), .int8, rows: 32, columns: columns)
    tensor.group = 64
    tensor.usesOffset = true
    let rows = ComputedRows(weights, length: columns)
    let calibration = try MatrixCalibration(tensor, rows, statistics, isTable: false)
    #expect(calibration.map != nil)
    #expect(calibration.gain.decibelsAfter > calibration.gain.decibelsBefore + 6)
    // What is a table, too, keeps its numbers.
    #expect(try MatrixCalibration(tensor, rows, statistics, isTable: true).map == nil)
  }
}
