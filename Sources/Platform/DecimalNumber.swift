/// A whole number that a sink writes in decimal.
///
/// Not `BinaryInteger`: what is generic over that goes through a number's words (see `WideNumbers.swift`).
public protocol DecimalNumber {
  /// Its digits.
  var decimalMagnitude: UInt64 { get }
  /// Whether a minus sign goes before them.
  var isNegative: Bool { get }
}

extension Int: DecimalNumber {
  /// Its digits.
  public var decimalMagnitude: UInt64 { UInt64(magnitude) }
  /// Whether a minus sign goes before them.
  public var isNegative: Bool { self < 0 }
}

extension UInt32: DecimalNumber {
  /// Its digits.
  public var decimalMagnitude: UInt64 { UInt64(self) }
  /// Never.
  public var isNegative: Bool { false }
}

extension UInt64: DecimalNumber {
  /// Its digits.
  public var decimalMagnitude: UInt64 { self }
  /// Never.
  public var isNegative: Bool { false }
}
