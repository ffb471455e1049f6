#if arch(x86_64)
  import SwiftletKernels
  import _Builtin_intrinsics.intel

  /// 16 floats from four registers.
  @inline(__always)
  private func lanes(_ quarter: (Int) -> SIMD4<Float>) -> Lanes {
    Lanes(
      lowHalf: SIMD8(lowHalf: quarter(0), highHalf: quarter(1)),
      highHalf: SIMD8(lowHalf: quarter(2), highHalf: quarter(3)))
  }

  // `maxps` and `minps` give their second operand unless the first is larger, or smaller: also for NaN.

  /// Lane by lane, `b` where it is larger than `a`, else `a`.
  @inline(__always)
  func larger(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> SIMD4<Float> { _mm_max_ps(b, a) }

  /// Lane by lane, `b` where it is larger than `a`, else `a`.
  @inline(__always)
  func larger(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
    SIMD8(lowHalf: larger(a.lowHalf, b.lowHalf), highHalf: larger(a.highHalf, b.highHalf))
  }

  /// Lane by lane, `b` where it is larger than `a`, else `a`.
  @inline(__always)
  func larger(_ a: Lanes, _ b: Lanes) -> Lanes {
    Lanes(lowHalf: larger(a.lowHalf, b.lowHalf), highHalf: larger(a.highHalf, b.highHalf))
  }

  /// Lane by lane, `b` where it is smaller than `a`, else `a`.
  @inline(__always)
  func smaller(_ a: Lanes, _ b: Lanes) -> Lanes {
    lanes { _mm_min_ps(b.quarter($0), a.quarter($0)) }
  }

  /// 16 whole numbers as floats, rounded to nearest, ties to even.
  @inline(__always)
  func floats(_ v: SIMD16<Int32>) -> Lanes {
    lanes { _mm_cvtepi32_ps(v.quarter($0)) }
  }

  /// 16 signed bytes from memory, as floats: exact.
  @inline(__always)
  func floats(bytesAt pointer: UnsafePointer<Int8>) -> Lanes {
    let bytes = unsafe UnsafeRawPointer(pointer).loadUnaligned(as: __m128i.self)
    // Each byte moves to the top of its word, each word to the top of its lane, and shifting back extends the sign.
    let zero = _mm_setzero_si128()
    let low = _mm_unpacklo_epi8(zero, bytes)
    let high = _mm_unpackhi_epi8(zero, bytes)
    return lanes {
      let half = $0 < 2 ? low : high
      let top = $0 & 1 == 0 ? _mm_unpacklo_epi16(zero, half) : _mm_unpackhi_epi16(zero, half)
      return _mm_cvtepi32_ps(_mm_srai_epi32(top, 24))
    }
  }

  /// 16 bfloat16 numbers as floats: exact.
  @inline(__always)
  func floats(bfloat16At pointer: UnsafePointer<UInt16>) -> Lanes {
    let raw = unsafe UnsafeRawPointer(pointer)
    let zero = _mm_setzero_si128()
    return lanes {
      let half = unsafe (raw + ($0 & 2) &* 8).loadUnaligned(as: __m128i.self)
      let top = $0 & 1 == 0 ? _mm_unpacklo_epi16(zero, half) : _mm_unpackhi_epi16(zero, half)
      return unsafe unsafeBitCast(top, to: SIMD4<Float>.self)
    }
  }

  /// The low bytes of 16 whole numbers.
  @inline(__always)
  func narrowed(_ v: SIMD16<Int32>) -> SIMD16<Int8> {
    let mask = _mm_set1_epi32(255)
    let low = _mm_packs_epi32(_mm_and_si128(v.quarter(0), mask), _mm_and_si128(v.quarter(1), mask))
    let high = _mm_packs_epi32(_mm_and_si128(v.quarter(2), mask), _mm_and_si128(v.quarter(3), mask))
    return unsafe unsafeBitCast(_mm_packus_epi16(low, high), to: SIMD16<Int8>.self)
  }

  extension SIMD16 where Scalar == Float {
    /// Lanes 4 · `index` … + 3.
    @inline(__always)
    fileprivate func quarter(_ index: Int) -> SIMD4<Float> {
      let half = index < 2 ? lowHalf : highHalf
      return index & 1 == 0 ? half.lowHalf : half.highHalf
    }
  }

  extension SIMD16 where Scalar == Int32 {
    /// Lanes 4 · `index` … + 3.
    @inline(__always)
    fileprivate func quarter(_ index: Int) -> __m128i {
      let half = index < 2 ? lowHalf : highHalf
      return unsafe unsafeBitCast(index & 1 == 0 ? half.lowHalf : half.highHalf, to: __m128i.self)
    }
  }
#endif
