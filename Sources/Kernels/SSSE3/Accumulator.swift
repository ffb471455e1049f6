#if arch(x86_64)
  import SwiftletKernels
  import _Builtin_intrinsics.intel

  /// The int32 sums of 16 rows, in four registers.
  struct Accumulator {
    var quarters: InlineArray<4, __m128i>

    @inline(__always)
    init(_ quarters: InlineArray<4, __m128i>) { self.quarters = quarters }

    @inline(__always)
    static var zero: Accumulator { Accumulator(InlineArray(repeating: _mm_setzero_si128())) }

    /// The sums as one vector.
    @inline(__always)
    var lanes: SIMD16<Int32> {
      get { unsafe unsafeBitCast(quarters, to: SIMD16<Int32>.self) }
      set { quarters = unsafe unsafeBitCast(newValue, to: InlineArray<4, __m128i>.self) }
    }
  }

  /// The sums as floats.
  @inline(__always)
  func floats(_ sums: Accumulator) -> Lanes { floats(sums.lanes) }

  /// Adds Σw · zero point, where |Σw| < 2¹⁵ and `sums` are `lowHalves`.
  @inline(__always)
  func addOffset(_ sums: Accumulator, _ zeroPoint: Int32, to dots: inout Accumulator) {
    let factor = _mm_set1_epi32(zeroPoint)
    for quarter in 0..<4 {
      let offset = _mm_madd_epi16(sums.quarters[quarter], factor)
      dots.quarters[quarter] = _mm_add_epi32(dots.quarters[quarter], offset)
    }
  }

  /// Each sum's low half, with nothing above it: as pairs of int16, the second adds nothing to a product.
  @inline(__always)
  func lowHalves(_ sums: Accumulator) -> Accumulator {
    let mask = _mm_set1_epi32(0xFFFF)
    return Accumulator(filled(mask) { _mm_and_si128(sums.quarters[$0], mask) })
  }

  /// Adds Σw · zero point, modulo 2³². (SSSE3 has no such product of int32: the compiler makes one of two.)
  @inline(__always)
  func addWideOffset(_ sums: Accumulator, _ zeroPoint: Int32, to dots: inout Accumulator) {
    dots.lanes &+= sums.lanes &* zeroPoint
  }
#endif
