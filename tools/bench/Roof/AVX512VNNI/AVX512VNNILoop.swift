#if arch(x86_64)
  import SwiftletRoof
  import _Builtin_intrinsics.intel

  extension MultiplyLoop {
    /// `vpdpbusd` of 512 bits: 64 multiplications and 64 additions each, 20 to a round.
    public static var avx512VNNI: MultiplyLoop {
      MultiplyLoop(
        instructions: "vpdpbusd, 512 bits", operationsPerRound: 20 * 128,
        run: { multiply(rounds: $0) })
    }
  }

  @inline(never)
  private func multiply(rounds: Int) -> Int32 {
    let a = _mm512_set1_epi8(1)
    let w = _mm512_set1_epi8(-1)
    var sums = InlineArray<20, __m512i>(repeating: _mm512_setzero_si512())
    for _ in 0..<rounds {
      for index in 0..<20 { sums[index] = _mm512_dpbusd_epi32(sums[index], a, w) }
    }
    var total = sums[0]
    for index in 1..<20 { total = _mm512_add_epi32(total, sums[index]) }
    return _mm512_reduce_add_epi32(total)
  }
#endif
