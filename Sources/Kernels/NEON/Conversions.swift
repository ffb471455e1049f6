#if arch(arm64) || arch(arm)
  import SwiftletKernels
  import _Builtin_intrinsics.arm.neon

  /// What functions of floats are computed of at once.
  typealias Part = Lanes

  /// Four registers as 16 lanes.
  @inline(__always)
  func lanes(_ quarter: (Int) -> float32x4_t) -> Lanes {
    Lanes(
      lowHalf: SIMD8(lowHalf: quarter(0), highHalf: quarter(1)),
      highHalf: SIMD8(lowHalf: quarter(2), highHalf: quarter(3)))
  }

  extension SIMD16 {
    /// Lanes 4·`number` … + 3.
    @inline(__always)
    func quarter(_ number: Int) -> SIMD4<Scalar> {
      switch number {
      case 0: lowHalf.lowHalf
      case 1: lowHalf.highHalf
      case 2: highHalf.lowHalf
      default: highHalf.highHalf
      }
    }
  }

  /// Lane by lane, `b` where it is larger than `a`, else `a`: so also where either is NaN.
  @inline(__always)
  func larger(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> SIMD4<Float> { vbslq_f32(vcgtq_f32(b, a), b, a) }

  /// Lane by lane, `b` where it is larger than `a`, else `a`.
  @inline(__always)
  func larger(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
    SIMD8(lowHalf: larger(a.lowHalf, b.lowHalf), highHalf: larger(a.highHalf, b.highHalf))
  }

  /// Lane by lane, `b` where it is larger than `a`, else `a`.
  @inline(__always)
  func larger(_ a: Lanes, _ b: Lanes) -> Lanes { lanes { larger(a.quarter($0), b.quarter($0)) } }

  /// Lane by lane, `b` where it is smaller than `a`, else `a`.
  @inline(__always)
  func smaller(_ a: Lanes, _ b: Lanes) -> Lanes {
    lanes { vbslq_f32(vcltq_f32(b.quarter($0), a.quarter($0)), b.quarter($0), a.quarter($0)) }
  }

  /// 16 whole numbers as floats, rounded to nearest, ties to even.
  @inline(__always)
  func floats(_ v: SIMD16<Int32>) -> Lanes { lanes { vcvtq_f32_s32(v.quarter($0)) } }

  /// 16 signed bytes from memory, as floats: exact.
  @inline(__always)
  func floats(bytesAt pointer: UnsafePointer<Int8>) -> Lanes {
    let bytes = unsafe UnsafeRawPointer(pointer).loadUnaligned(as: int8x16_t.self)
    let (low, high) = (vmovl_s8(vget_low_s8(bytes)), vmovl_s8(vget_high_s8(bytes)))
    return lanes {
      let words = $0 < 2 ? low : high
      return vcvtq_f32_s32(vmovl_s16($0 & 1 == 0 ? vget_low_s16(words) : vget_high_s16(words)))
    }
  }

  /// 16 bfloat16 numbers as floats: exact.
  @inline(__always)
  func floats(bfloat16At pointer: UnsafePointer<UInt16>) -> Lanes {
    let place = unsafe UnsafeRawPointer(pointer)
    return lanes {
      let halves = unsafe (place + 8 &* $0).loadUnaligned(as: uint16x4_t.self)
      return vreinterpretq_f32_u32(vmovl_u16(halves) &<< 16)
    }
  }

  /// The low bytes of 16 whole numbers.
  @inline(__always)
  func narrowed(_ v: SIMD16<Int32>) -> SIMD16<Int8> {
    let low = vcombine_s16(vmovn_s32(v.quarter(0)), vmovn_s32(v.quarter(1)))
    let high = vcombine_s16(vmovn_s32(v.quarter(2)), vmovn_s32(v.quarter(3)))
    return vcombine_s8(vmovn_s16(low), vmovn_s16(high))
  }
#endif
