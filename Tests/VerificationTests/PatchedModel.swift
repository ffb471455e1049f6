import Foundation
import Swiftlet
import SwiftletModelFile

/// A model file with some bytes changed, and a checksum that fits.
struct PatchedModel {
  private var bytes: [UInt8]

  init(_ path: String) throws { bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

  /// Multiplies the scales of some rows of a tensor, all by default, by a factor.
  mutating func scale(_ name: String, in path: String, by factor: Float, rows: Range<Int>? = nil) throws {
    let tensor = try Self.tensor(name, in: path)
    for row in rows ?? 0..<tensor.rows {
      for group in 0..<tensor.groups { multiply(tensor, row, group, factor) }
    }
  }

  /// Multiplies the factors of some inputs of a tensor that has them, all by default, by a factor.
  mutating func scaleFactors(
    of name: String, in path: String, by factor: Float, columns: Range<Int>? = nil
  ) throws {
    let tensor = try Self.tensor(name, in: path)
    guard tensor.inputs != 0 else { throw CocoaError(.fileReadUnknown) }
    for column in columns ?? 0..<tensor.columns {
      multiply(at: Int(tensor.inputs) + 2 * column, by: factor)
    }
  }

  /// Multiplies the shifts of all inputs of a tensor that has them by a factor.
  mutating func scaleShifts(of name: String, in path: String, by factor: Float) throws {
    let tensor = try Self.tensor(name, in: path)
    guard tensor.inputs != 0 else { throw CocoaError(.fileReadUnknown) }
    for column in 0..<tensor.columns {
      multiply(at: Int(tensor.inputs) + 2 * (tensor.paddedColumns + column), by: factor)
    }
  }

  /// Multiplies the biases of some rows of a tensor that has them, all by default, by a factor.
  mutating func scaleBias(
    of name: String, in path: String, by factor: Float, rows: Range<Int>? = nil
  ) throws {
    let tensor = try Self.tensor(name, in: path)
    guard tensor.bias != 0 else { throw CocoaError(.fileReadUnknown) }
    for row in rows ?? 0..<tensor.rows { multiplyFloat(at: Int(tensor.bias) + 4 * row, by: factor) }
  }

  private static func tensor(_ name: String, in path: String) throws -> Tensor {
    let file = try unsafe openModelFile(path)
    for index in 0..<file.tensorCount {
      let tensor = try file.tensor(at: index)
      if tensor.name.description == name { return tensor }
    }
    throw CocoaError(.fileReadUnknown)
  }

  private mutating func multiply(_ tensor: Tensor, _ row: Int, _ group: Int, _ factor: Float) {
    let start = Int(tensor.scales)
    if tensor.group == 0 {
      multiplyFloat(at: start + 4 * row, by: factor)
    } else {
      let place = start + 2 * ((row / 16 * tensor.groups + group) * 16 + row % 16)
      multiply(at: place, by: factor)
    }
  }

  private mutating func multiplyFloat(at place: Int, by factor: Float) {
    store(place, (Float(bitPattern: load(place, UInt32.self)) * factor).bitPattern)
  }

  /// Multiplies a bfloat16, and rounds to the nearest one.
  private mutating func multiply(at place: Int, by factor: Float) {
    let number = Float(bitPattern: UInt32(load(place, UInt16.self)) << 16) * factor
    store(place, UInt16((number.bitPattern + 0x8000) >> 16))
  }

  private func load<Number: FixedWidthInteger>(_ offset: Int, _: Number.Type) -> Number {
    unsafe bytes.withUnsafeBytes {
      unsafe Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
  }

  private mutating func store<Number: FixedWidthInteger>(_ offset: Int, _ value: Number) {
    unsafe withUnsafeBytes(of: value.littleEndian) {
      unsafe bytes.replaceSubrange(offset..<offset + $0.count, with: $0)
    }
  }

  /// Writes the file, with the checksum of its bytes.
  mutating func write(to path: String) throws {
    var hash = XXH64()
    unsafe bytes.withUnsafeBytes {
      unsafe hash.update(UnsafeRawBufferPointer(rebasing: $0[Header.checksumStart...]))
    }
    store(24, hash.value)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
}
