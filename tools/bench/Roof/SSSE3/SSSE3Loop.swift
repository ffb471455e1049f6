#if arch(x86_64)
  import SwiftletRoof
  import SwiftletRoofOpaque
  import _Builtin_intrinsics.intel

  extension MultiplyLoop {
    /// `pmaddubsw`, `pmaddwd` by ones, `paddd`, of 128 bits each: together 16 multiplications of bytes and 16
    /// additions, 12 times a round. The multiplications by one are not counted.
    public static var ssse3: MultiplyLoop {
      MultiplyLoop(
        instructions: "pmaddubsw + pmaddwd + paddd, 128 bits", operationsPerRound: 12 * 32,
        run: { multiply(rounds: $0) })
    }
  }

  /// `opaque128` is no instruction: it keeps the products, whose inputs never change, within the loop.
  @inline(never)
  private func multiply(rounds: Int) -> Int32 {
    var a = _mm_set1_epi8(1)
    let w = _mm_set1_epi8(-1)
    let ones = _mm_set1_epi16(1)
    var sums = InlineArray<12, __m128i>(repeating: _mm_setzero_si128())
    for _ in 0..<rounds {
      for index in 0..<12 {
        a = opaque128(a)
        sums[index] = _mm_add_epi32(sums[index], _mm_madd_epi16(_mm_maddubs_epi16(a, w), ones))
      }
    }
    var total = sums[0]
    for index in 1..<12 { total = _mm_add_epi32(total, sums[index]) }
    return unsafe unsafeBitCast(total, to: SIMD4<Int32>.self).wrappedSum()
  }
#endif
