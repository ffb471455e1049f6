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
  func larger(_ a: Lanes, _ b: Lanes) -> Lanes {
    Lanes(lowHalf: _mm256_max_ps(b.lowHalf, a.lowHalf), highHalf: _mm256_max_ps(b.highHalf, a.highHalf))
  }

  /// Lane by lane, `b` where it is smaller than `a`, else `a`.
  @inline(__always)
  func smaller(_ a: Lanes, _ b: Lanes) -> Lanes {
    Lanes(lowHalf: _mm256_min_ps(b.lowHalf, a.lowHalf), highHalf: _mm256_min_ps(b.highHalf, a.highHalf))
  }

  /// Both halves of 16 whole numbers.
  @inline(__always)
  private func halves(_ v: SIMD16<Int32>) -> (low: __m256i, high: __m256i) {
    unsafe (unsafeBitCast(v.lowHalf, to: __m256i.self), unsafeBitCast(v.highHalf, to: __m256i.self))
  }

  /// 16 whole numbers as floats, rounded to nearest, ties to even.
  @inline(__always)
  func floats(_ v: SIMD16<Int32>) -> Lanes {
    let (low, high) = halves(v)
    return Lanes(lowHalf: _mm256_cvtepi32_ps(low), highHalf: _mm256_cvtepi32_ps(high))
  }

  /// 16 signed bytes from memory, as floats: exact.
  @inline(__always)
  func floats(bytesAt pointer: UnsafePointer<Int8>) -> Lanes {
    let bytes = unsafe UnsafeRawPointer(pointer).loadUnaligned(as: __m128i.self)
    let low = _mm256_cvtepi8_epi32(bytes)
    let high = _mm256_cvtepi8_epi32(_mm_unpackhi_epi64(bytes, bytes))
    return Lanes(lowHalf: _mm256_cvtepi32_ps(low), highHalf: _mm256_cvtepi32_ps(high))
  }

  /// 16 bfloat16 numbers as floats: exact.
  @inline(__always)
  func floats(bfloat16At pointer: UnsafePointer<UInt16>) -> Lanes {
    let raw = unsafe UnsafeRawPointer(pointer)
    let low = unsafe _mm256_cvtepu16_epi32(raw.loadUnaligned(as: __m128i.self))
    let high = unsafe _mm256_cvtepu16_epi32((raw + 16).loadUnaligned(as: __m128i.self))
    return unsafe Lanes(
      lowHalf: unsafeBitCast(_mm256_slli_epi32(low, 16), to: SIMD8<Float>.self),
      highHalf: unsafeBitCast(_mm256_slli_epi32(high, 16), to: SIMD8<Float>.self))
  }

  /// The low bytes of 16 whole numbers.
  @inline(__always)
  func narrowed(_ v: SIMD16<Int32>) -> SIMD16<Int8> {
    let (low, high) = halves(v)
    let mask = _mm256_set1_epi32(255)
    // `vpackusdw` works within halves: the quarters come out as low, high, low, high.
    let words = _mm256_packus_epi32(_mm256_and_si256(low, mask), _mm256_and_si256(high, mask))
    let bytes = _mm_packus_epi16(words.evenHalf, words.oddHalf)
    return unsafe unsafeBitCast(bytes, to: SIMD16<Int8>.self)
  }
#endif
