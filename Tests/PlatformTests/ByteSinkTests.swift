import SwiftletPlatform
import Testing

/// Text without a heap.
@Suite struct ByteSinkTests {
  private func text(_ write: (inout StringSink) -> Void) -> String {
    var sink = StringSink()
    write(&sink)
    return sink.text
  }

  @Test func wholeNumbersAreWritten() {
    for number in [0, 1, -1, 9, 10, -10, 1_234_567_890, Int.max, Int.min] {
      #expect(text { $0.write(number) } == "\(number)")
    }
    for number in [0, 1, UInt64.max] { #expect(text { $0.write(number) } == "\(number)") }
    for number in [0, 1, UInt32.max] { #expect(text { $0.write(number) } == "\(number)") }
  }

  @Test func fractionsAreRounded() {
    #expect(text { $0.write(1.25, decimals: 1) } == "1.3")
    #expect(text { $0.write(-0.04, decimals: 1) } == "0.0")
    #expect(text { $0.write(-12.75, decimals: 0) } == "-13")
    #expect(text { $0.write(0.000_001, decimals: 6) } == "0.000001")
    #expect(text { $0.write(.nan, decimals: 2) } == "nan")
    #expect(text { $0.write(-Double.infinity, decimals: 2) } == "-inf")
  }

  @Test func hexadecimalHasAllItsDigits() {
    #expect(text { $0.write(hexadecimal: 0xAB, digits: 4) } == "00ab")
    #expect(text { $0.write(hexadecimal: .max) } == "ffffffffffffffff")
  }
}
