import SwiftletSources
import Testing

@Suite struct NumberConversionTests {
  @Test func everyHalfIsExact() {
    var wrong = 0
    for bits in UInt16.min...UInt16.max {
      let (found, expected) = (Float(halfBits: bits), Float(Float16(bitPattern: bits)))
      let same = expected.isNaN ? found.isNaN : found.bitPattern == expected.bitPattern
      if !same { wrong += 1 }
    }
    #expect(wrong == 0)
    #expect(Float(halfBits: 1) == 0x1p-24)
    #expect(Float(halfBits: 0x8000).sign == .minus)
    #expect(Float(halfBits: 0xFC00) == -.infinity)
  }

  @Test func everyBrainFloatIsTheUpperHalf() {
    var wrong = 0
    for bits in UInt16.min...UInt16.max where Float(brainBits: bits).bitPattern != UInt32(bits) << 16 {
      wrong += 1
    }
    #expect(wrong == 0)
  }
}
