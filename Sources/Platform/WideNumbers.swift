// The standard library converts between numbers of any width by one generic function over their words. On 32-bit
// processors, where a 64-bit number has two, that function brings collections along, and with them the heap, into
// code that needs neither. These overloads are chosen instead of it, and mean the same.

#if _pointerBitWidth(_32)
  extension UInt64 {
    /// `value`, with zeros above it.
    @_transparent
    public init(_ value: UInt32) { self.init(_truncatingBits: UInt(value)) }

    /// `value`, with zeros above it.
    @_transparent
    public init(_ value: UInt16) { self.init(_truncatingBits: UInt(value)) }

    /// `value`, with zeros above it.
    @_transparent
    public init(_ value: UInt8) { self.init(_truncatingBits: UInt(value)) }

    /// `value`, with zeros above it.
    @_transparent
    public init(_ value: UInt) { self.init(_truncatingBits: value) }

    /// `value`, which is not negative.
    @_transparent
    public init(_ value: Int) { self.init(_truncatingBits: UInt(value)) }

    /// `value`, with zeros above it.
    @_transparent
    public init(truncatingIfNeeded value: UInt) { self.init(_truncatingBits: value) }

    /// `value`, with its sign above it.
    @_transparent
    public init(truncatingIfNeeded value: Int) {
      self = UInt64(_truncatingBits: UInt(bitPattern: value)) | (value < 0 ? 0xFFFF_FFFF_0000_0000 : 0)
    }

    /// `value` shifted to the left, zeros coming in.
    @_transparent
    public static func << (value: UInt64, count: UInt64) -> UInt64 { count < 64 ? value &<< count : 0 }

    /// `value` shifted to the right, zeros coming in.
    @_transparent
    public static func >> (value: UInt64, count: UInt64) -> UInt64 { count < 64 ? value &>> count : 0 }

    /// `value` shifted to the left by fewer than 64 bits, zeros coming in.
    @_transparent
    public static func << (value: UInt64, count: Int) -> UInt64 { value << UInt64(count) }

    /// `value` shifted to the right by fewer than 64 bits, zeros coming in.
    @_transparent
    public static func >> (value: UInt64, count: Int) -> UInt64 { value >> UInt64(count) }
  }

  extension Int64 {
    /// `value`, with its sign above it.
    @_transparent
    public init(_ value: Int) { self.init(bitPattern: UInt64(truncatingIfNeeded: value)) }
  }

  extension Int {
    /// `value`, which fits.
    @_transparent
    public init(_ value: UInt64) {
      precondition(value <= 0x7FFF_FFFF, "a number fits the processor's words")
      self.init(truncatingIfNeeded: value)
    }

    /// `value`, or the largest number if it is larger.
    @_transparent
    public init(clamping value: UInt64) { self = value > 0x7FFF_FFFF ? .max : Int(truncatingIfNeeded: value) }

    /// `value`, if it fits.
    @_transparent
    public init?(exactly value: Int64) {
      self.init(truncatingIfNeeded: value)
      guard Int64(self) == value else { return nil }
    }
  }
#endif
