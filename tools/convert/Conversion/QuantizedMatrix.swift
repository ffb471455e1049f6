import Foundation
import SwiftletFamilies
import SwiftletModelFile

/// A matrix as the file holds it: int8 tiles, scales and sums (see FORMAT.md of the model file).
struct QuantizedMatrix {
  private(set) var tiles: [UInt8]
  private(set) var scales: [UInt8] = []
  private(set) var sums: [UInt8] = []
  /// What quantisation cost.
  private(set) var error = QuantizationError()

  /// Quantises `tensor`, whose float rows `source` gives: symmetric, to [−127, 127].
  ///
  /// - Complexity: O(rows · columns) time, with error compensation O(rows · columns²); memory for the int8 result and
  ///   1,024 float rows.
  init(_ tensor: Tensor, from source: any RowSource, _ rounding: Rounding) throws {
    tiles = [UInt8](repeating: 0, count: tensor.dataSize)
    scales.reserveCapacity(tensor.scalesSize)
    for tile in 0..<tensor.paddedRows / 16 {
      let rows = 16 * tile..<min(16 * tile + 16, tensor.rows)
      if tensor.group == 0, let quantized = try source.quantized(rows: rows) {
        takeTile(quantized, count: rows.count, tile: tile, tensor)
      } else {
        quantizeTile(try source.floats(rows: rows), count: rows.count, tile: tile, tensor, rounding)
      }
      if tile % 64 == 63 { source.release() }
    }
  }

  /// Rows that the source has quantised already.
  private mutating func takeTile(_ rows: QuantizedRows, count: Int, tile: Int, _ tensor: Tensor) {
    for row in 0..<16 {
      appendScale(row < count ? rows.scales[row] : 0, tensor)
      var sum: Int32 = 0
      for column in 0..<(row < count ? tensor.columns : 0) {
        let q = rows.values[row * tensor.columns + column]
        sum += Int32(q)
        let block = tile * tensor.paddedColumns + column / 4 * 4
        tiles[16 * block + 4 * row + column % 4] = UInt8(bitPattern: q)
      }
      sums.append(littleEndian: UInt32(bitPattern: sum))
    }
  }

  private mutating func quantizeTile(
    _ floats: [Float], count: Int, tile: Int, _ tensor: Tensor, _ rounding: Rounding
  ) {
    let adapted = (0..<count).map {
      rounding.adapted(floats[$0 * tensor.columns..<($0 + 1) * tensor.columns])
    }
    let rows = rounding.rows(adapted)
    for group in 0..<tensor.groups {
      for row in 0..<16 { appendScale(row < count ? rows[row].scales[group] : 0, tensor) }
    }
    for (row, (scales, values)) in rows.enumerated() {
      for (column, q) in values.enumerated() {
        error.add(adapted[row][column], Float(q) * scales[column / rounding.group])
        let block = tile * tensor.paddedColumns + column / 4 * 4
        tiles[16 * block + 4 * row + column % 4] = UInt8(bitPattern: q)
      }
    }
    guard tensor.group == 0 else { return }
    for row in 0..<16 {
      let sum = row < count ? rows[row].values.reduce(0) { $0 + Int32($1) } : 0
      sums.append(littleEndian: UInt32(bitPattern: sum))
    }
  }

  private mutating func appendScale(_ scale: Float, _ tensor: Tensor) {
    if tensor.group == 0 {
      scales.append(littleEndian: scale.bitPattern)
    } else {
      scales.append(littleEndian: UInt16(scale.bitPattern >> 16))
    }
  }
}

/// What quantisation cost: the energy of a signal and of its error.
public struct QuantizationError: Sendable {
  private var signal = 0.0
  private var noise = 0.0

  mutating func add(_ value: Float, _ quantized: Float) {
    signal += Double(value) * Double(value)
    noise += Double(value - quantized) * Double(value - quantized)
  }

  /// The signal-to-quantisation-noise ratio in dB: 10 log₁₀ (Σ w² / Σ (w − ŵ)²). Infinite for an exact tensor.
  public var decibels: Double { noise == 0 ? .infinity : 10 * log10(signal / noise) }
}

extension [UInt8] {
  /// Appends a number's bytes, lowest first.
  mutating func append(littleEndian number: some FixedWidthInteger) {
    unsafe Swift.withUnsafeBytes(of: number.littleEndian) { unsafe append(contentsOf: $0) }
  }

  /// Appends floats' bytes.
  mutating func append(floats: [Float]) {
    for value in floats { append(littleEndian: value.bitPattern) }
  }

  /// Appends zeros up to a multiple of 64.
  mutating func pad() { append(contentsOf: repeatElement(0, count: (64 - count % 64) % 64)) }
}
