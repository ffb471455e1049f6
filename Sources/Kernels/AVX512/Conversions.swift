#if arch(x86_64)
  import SwiftletKernels
  import _Builtin_intrinsics.intel

  /// What functions of floats are computed of at once.
  typealias Part = Lanes

  // `vmaxps` and `vminps` give their second operand unless the first is larger, or smaller: also for NaN.

  /// Lane by lane, `b` where it is larger than `a`, else `a`.
  @inline(__always)
  func larger(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> { _mm256_max_ps(b, a) }

  /// Lane by lane, `b` where it is larger than `a`, else `a`.
  @inline(__always)
  func larger(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> SIMD4<Float> { _mm_max_ps(b, a) }

  /// Lane by lane, `b` where it is larger than `a`, else `a`.
  @inline(__always)
  func larger(_ a: Lanes, _ b: Lanes) -> Lanes { _mm512_max_ps(b, a) }

  /// Lane by lane, `b` where it is smaller than `a`, else `a`.
  @inline(__always)
  func smaller(_ a: Lanes, _ b: Lanes) -> Lanes { _mm512_min_ps(b, a) }

  /// 16 whole numbers as floats, rounded to nearest, ties to even.
  @inline(__always)
  func floats(_ v: SIMD16<Int32>) -> Lanes { unsafe _mm512_cvtepi32_ps(unsafeBitCast(v, to: __m512i.self)) }

  /// 16 signed bytes from memory, as floats: exact.
  @inline(__always)
  func floats(bytesAt pointer: UnsafePointer<Int8>) -> Lanes {
    let bytes = unsafe UnsafeRawPointer(pointer).loadUnaligned(as: __m128i.self)
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes))
  }

  /// 16 bfloat16 numbers as floats: exact.
  @inline(__always)
  func floats(bfloat16At pointer: UnsafePointer<UInt16>) -> Lanes {
    let halves = unsafe UnsafeRawPointer(pointer).loadUnaligned(as: __m256i.self)
    return unsafe unsafeBitCast(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16), to: Lanes.self)
  }

  /// The low bytes of 16 whole numbers.
  @inline(__always)
  func narrowed(_ v: SIMD16<Int32>) -> SIMD16<Int8> {
    unsafe unsafeBitCast(_mm512_cvtepi32_epi8(unsafeBitCast(v, to: __m512i.self)), to: SIMD16<Int8>.self)
  }
#endif
