import Foundation
import SwiftletSources

/// What a text showed of one matrix's inputs: their second moments, their sums, and some of them.
///
/// - Complexity: `columns`² floats of memory; `columns`² / 2 multiplications for each token.
final class InputStatistics {
  /// How many inputs there are.
  let columns: Int
  /// How many tokens were seen.
  private(set) var count = 0
  /// Σ x of each input.
  private(set) var sums: [Double]
  /// Some tokens' inputs, evenly spread: at most `mostSamples` tokens × columns.
  private(set) var samples: [Float] = []
  /// Σ xᵢ xⱼ at `stride` · i + j, for j ≥ i.
  private var products: [Float]
  private let stride: Int
  private var pending: [Float] = []
  private var period = 1

  private static let mostSamples = 256
  /// Tokens whose products are summed at once.
  private static let blockRows = 64

  init(columns: Int) {
    self.columns = columns
    stride = (columns + 7) & -8
    sums = [Double](repeating: 0, count: columns)
    products = [Float](repeating: 0, count: stride * columns)
  }

  /// The memory that statistics of so many inputs take, in bytes.
  static func bytes(columns: Int) -> Int { 4 * columns * (columns + 8 + 2 * mostSamples + blockRows) }

  /// Adds tokens × columns.
  func add(_ inputs: [Float]) {
    for row in 0..<inputs.count / columns {
      let values = inputs[row * columns..<(row + 1) * columns]
      for (column, value) in values.enumerated() { sums[column] += Double(value) }
      if count % period == 0 { keep(values) }
      count += 1
      pending += values
      pending.append(contentsOf: repeatElement(0, count: stride - columns))
      if pending.count == Self.blockRows * stride { fold() }
    }
  }

  private func keep(_ values: ArraySlice<Float>) {
    samples += values
    guard samples.count == 2 * Self.mostSamples * columns else { return }
    // Every second one stays.
    samples = (0..<Self.mostSamples).flatMap { samples[2 * $0 * columns..<(2 * $0 + 1) * columns] }
    period *= 2
  }

  /// Adds the products of the tokens that wait. Each sum is made in the tokens' order, on whichever core.
  private func fold() {
    let (rows, stride, columns) = (pending.count / stride, stride, columns)
    unsafe products.withUnsafeMutableBufferPointer { products in
      unsafe pending.withUnsafeBufferPointer { inputs in
        guard let x = inputs.baseAddress, let sums = products.baseAddress else { return }
        let work = unsafe Products(inputs: x, sums: sums, rows: rows, stride: stride)
        let chunk = 32
        AllCores.perform((columns + chunk - 1) / chunk) { index in
          for row in index * chunk..<min((index + 1) * chunk, columns) { work.add(row) }
        }
      }
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// Mean of (f x + s)ᵢ (f x + s)ⱼ for j ≥ i, at `columns` · i + j; what lies below is 0.
  func moments(_ map: InputMap) -> [Double] {
    if !pending.isEmpty { fold() }
    let tokens = Double(max(1, count))
    var result = [Double](repeating: 0, count: columns * columns)
    for row in 0..<columns {
      let (factor, shift) = (Double(map.factors[row]), Double(map.shifts[row]))
      for column in row..<columns {
        let (otherFactor, otherShift) = (Double(map.factors[column]), Double(map.shifts[column]))
        result[row * columns + column] =
          factor * otherFactor * Double(products[row * stride + column]) / tokens
          + (factor * sums[row] * otherShift + otherFactor * sums[column] * shift) / tokens
          + shift * otherShift
      }
    }
    return result
  }

  /// The mean, and the mean of the square, of each input.
  var meansAndSquares: (means: [Double], squares: [Double]) {
    if !pending.isEmpty { fold() }
    let tokens = Double(max(1, count))
    return (
      sums.map { $0 / tokens }, (0..<columns).map { Double(products[$0 * stride + $0]) / tokens }
    )
  }
}

/// The products of some tokens' inputs, to add to the sums.
@safe private struct Products: @unchecked Sendable {
  /// Tokens × stride.
  let inputs: UnsafePointer<Float>
  /// Columns × stride. Each row is written by one thread.
  let sums: UnsafeMutablePointer<Float>
  let rows: Int
  let stride: Int

  /// Adds Σ x[row] · x[j] for j ≥ row.
  func add(_ row: Int) {
    let target = unsafe sums + row * stride
    for column in Swift.stride(from: row & -8, to: stride, by: 8) {
      var total = unsafe UnsafeRawPointer(target + column).loadUnaligned(as: SIMD8<Float>.self)
      var x = unsafe inputs
      for _ in 0..<rows {
        unsafe total += UnsafeRawPointer(x + column).loadUnaligned(as: SIMD8<Float>.self) * x[row]
        unsafe x += stride
      }
      unsafe UnsafeMutableRawPointer(target + column).storeBytes(of: total, as: SIMD8<Float>.self)
    }
  }
}
