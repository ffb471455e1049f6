/// Something that takes bytes: standard output, a buffer, a hash.
///
/// All text that the device prints goes through a sink, so that printing needs no `String` and no heap.
public protocol ByteSink: ~Copyable {
  /// Takes all of `bytes`.
  mutating func write(_ bytes: UnsafeRawBufferPointer)
}

extension ByteSink where Self: ~Copyable {
  /// Writes UTF-8 text.
  @inlinable @inline(never)
  public mutating func write(_ text: StaticText) { unsafe write(text.bytes) }

  /// Writes one byte.
  @inlinable @inline(never)
  public mutating func write(byte: UInt8) {
    unsafe withUnsafeBytes(of: byte) { unsafe write($0) }
  }

  /// Writes bytes lent by a span.
  @inlinable
  public mutating func write(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe write($0) }
  }

  /// Writes a number in decimal.
  @inline(never)
  public mutating func write(_ number: some DecimalNumber) {
    write(magnitude: number.decimalMagnitude, negative: number.isNegative, minimumDigits: 1)
  }

  /// Writes `value` with a fixed count of digits after the point, rounded to nearest, halves away from zero.
  ///
  /// NaN and infinities are written as `nan`, `inf` and `-inf`; so is anything of 2⁶³ / 10^`decimals` and more.
  public mutating func write(_ value: Double, decimals: Int) {
    guard value == value else { return write("nan") }
    var power = 1.0
    for _ in 0..<decimals { power *= 10 }
    let scaled = value.magnitude * power + 0.5
    guard scaled < 9.2e18 else { return value < 0 ? write("-inf") : write("inf") }
    let digits = UInt64(scaled)
    let whole = digits / UInt64(power)
    write(magnitude: whole, negative: value < 0 && digits != 0, minimumDigits: 1)
    guard decimals > 0 else { return }
    write(byte: UInt8(ascii: "."))
    write(magnitude: digits % UInt64(power), negative: false, minimumDigits: decimals)
  }

  /// Writes a number in hexadecimal, `digits` digits wide.
  public mutating func write(hexadecimal number: UInt64, digits: Int = 16) {
    for place in (0..<digits).reversed() {
      let digit = UInt8(truncatingIfNeeded: number >> UInt64(4 * place)) & 15
      write(byte: digit < 10 ? 48 + digit : 87 + digit)
    }
  }

  @usableFromInline
  mutating func write(magnitude: UInt64, negative: Bool, minimumDigits: Int) {
    var digits = InlineArray<24, UInt8>(repeating: 48)
    var start = 24
    var rest = magnitude
    repeat {
      start -= 1
      digits[start] = 48 + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    start = min(start, 24 - min(minimumDigits, 23))
    if negative {
      start -= 1
      digits[start] = UInt8(ascii: "-")
    }
    write(digits.span.extracting(start..<24))
  }
}

/// An error or a value that can say what it is without a `String`.
public protocol Describable {
  /// Writes one line of text, without a line break.
  func describe<Sink: ByteSink & ~Copyable>(to sink: inout Sink)
}

#if !hasFeature(Embedded)
  /// A sink that gathers text: for the host's tools and for tests.
  public struct StringSink: ByteSink {
    /// What was written.
    public private(set) var bytes: [UInt8] = []
    /// An empty sink.
    public init() {}
    /// Appends `bytes`.
    public mutating func write(_ bytes: UnsafeRawBufferPointer) {
      unsafe self.bytes.append(contentsOf: bytes)
    }
    /// What was written, as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  extension Describable {
    /// The description as text: for the host's tools and for tests.
    public var description: String {
      var sink = StringSink()
      describe(to: &sink)
      return sink.text
    }
  }
#endif
