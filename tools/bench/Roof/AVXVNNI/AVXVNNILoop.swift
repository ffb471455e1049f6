#if arch(x86_64)
  import SwiftletRoof
  import _Builtin_intrinsics.intel

  extension MultiplyLoop {
    /// `vpdpbusd` of 256 bits, VEX-coded: 32 multiplications and 32 additions each, 12 to a round.
    public static var avxVNNI: MultiplyLoop {
      MultiplyLoop(
        instructions: "vpdpbusd, 256 bits", operationsPerRound: 12 * 64,
        run: { multiply(rounds: $0) })
    }
  }

  @inline(never)
  private func multiply(rounds: Int) -> Int32 {
    let a = _mm256_set1_epi8(1)
    let w = _mm256_set1_epi8(-1)
    var sums = InlineArray<12, __m256i>(repeating: _mm256_setzero_si256())
    for _ in 0..<rounds {
      for index in 0..<12 { sums[index] = _mm256_dpbusd_avx_epi32(sums[index], a, w) }
    }
    var total = sums[0]
    for index in 1..<12 { total = _mm256_add_epi32(total, sums[index]) }
    return unsafe unsafeBitCast(total, to: SIMD8<Int32>.self).wrappedSum()
  }
#endif
