/// The number types of safetensors, under the format's own names.
public enum ElementType: String, Sendable, CaseIterable {
  /// IEEE 754 numbers.
  case f64 = "F64"
  case f32 = "F32"
  case f16 = "F16"
  /// The upper half of an F32.
  case bf16 = "BF16"
  case f8e4m3 = "F8_E4M3"
  case f8e5m2 = "F8_E5M2"
  case f8e8m0 = "F8_E8M0"
  case f6e2m3 = "F6_E2M3"
  case f6e3m2 = "F6_E3M2"
  case f4 = "F4"
  case c64 = "C64"
  case i64 = "I64"
  case i32 = "I32"
  case i16 = "I16"
  case i8 = "I8"
  case u64 = "U64"
  case u32 = "U32"
  case u16 = "U16"
  case u8 = "U8"
  case bool = "BOOL"

  /// The size of one element in bits.
  public var bits: Int {
    switch self {
    case .f64, .i64, .u64, .c64: 64
    case .f32, .i32, .u32: 32
    case .f16, .bf16, .i16, .u16: 16
    case .f8e4m3, .f8e5m2, .f8e8m0, .i8, .u8, .bool: 8
    case .f6e2m3, .f6e3m2: 6
    case .f4: 4
    }
  }

  /// Whether the elements can be read as Float: F32, F16 and BF16 without loss, F64 rounded.
  public var isReadable: Bool { self == .f32 || self == .f16 || self == .bf16 || self == .f64 }

  /// How far a number of magnitude 1 may be from the one that was meant: for comparing with computed values.
  public var tolerance: Float {
    switch self {
    case .f16: 1e-3
    case .bf16: 8e-3
    default: 1e-5
    }
  }
}

extension Float {
  /// The value of an IEEE 754 half-precision number: exact, for subnormals, infinities and NaN too.
  public init(halfBits bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 31
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0: self = Float(bitPattern: sign | (Float(fraction) * 0x1p-24).bitPattern)
    case 31: self = Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: self = Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// The value of a bfloat16 number: the upper half of a Float.
  public init(brainBits bits: UInt16) {
    self = Float(bitPattern: UInt32(bits) << 16)
  }
}
