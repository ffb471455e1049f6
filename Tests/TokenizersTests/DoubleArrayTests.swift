import SourcesTestSupport
import SwiftletTokenizers
import Testing

@testable import SwiftletConversion

/// What the builder makes, read with code of its own.
@Suite struct DoubleArrayTests {
  private func find(_ key: [UInt8], in units: [UInt32]) -> UInt32? {
    var index = 0
    func children(_ unit: UInt32) -> Int { index ^ Int((unit >> 10) << ((unit & 0x200) >> 6)) }
    for byte in key {
      let next = children(units[index]) ^ Int(byte)
      guard next < units.count, units[next] & 0x8000_00FF == UInt32(byte) else { return nil }
      index = next
    }
    guard units[index] & 0x100 != 0 else { return nil }
    return units[children(units[index])] & 0x7FFF_FFFF
  }

  @Test(arguments: [1, 2, 3, 10, 1_000, 20_000])
  func everyKeyAndNoOtherIsFound(count: Int) throws {
    var numbers = Seeded(0x5EED_0005, test: "everyKeyAndNoOtherIsFound(\(count))")
    var keys = Set<[UInt8]>()
    let alphabet: ClosedRange<UInt8> = count > 5_000 ? 1...255 : 0x61...0x66
    while keys.count < count {
      keys.insert(
        (0..<Int.random(in: 1...8, using: &numbers)).map { _ in UInt8.random(in: alphabet, using: &numbers) })
    }
    let list = keys.sorted { $0.lexicographicallyPrecedes($1) }
    let units = try DoubleArrayBuilder.build(list, values: list.indices.map { UInt32($0) })
    for (value, key) in list.enumerated() { #expect(find(key, in: units) == UInt32(value)) }
    for _ in 0..<5_000 {
      let other = (0..<Int.random(in: 1...4, using: &numbers)).map { _ in
        UInt8.random(in: 0...255, using: &numbers)
      }
      if !keys.contains(other) { #expect(find(other, in: units) == nil) }
    }
  }

  @Test func theLastLeafMayHaveTheValueZero() throws {
    #expect(find([0x61], in: try DoubleArrayBuilder.build([[0x61]], values: [0])) == 0)
  }

  @Test func keysThatCantBeAreRefused() {
    typealias Failure = DoubleArrayBuilder.Failure
    #expect(throws: Failure.badKey(1)) { try DoubleArrayBuilder.build([[1], []], values: [0, 1]) }
    #expect(throws: Failure.badKey(0)) { try DoubleArrayBuilder.build([[1, 0], [2]], values: [0, 1]) }
    #expect(throws: Failure.duplicateKey(0, 1)) { try DoubleArrayBuilder.build([[1], [1]], values: [0, 1]) }
    #expect(throws: Failure.badValue(0)) { try DoubleArrayBuilder.build([[1]], values: [1 << 31]) }
  }
}
