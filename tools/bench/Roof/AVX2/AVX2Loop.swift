#if arch(x86_64)
  import SwiftletRoof
  import SwiftletRoofOpaque
  import _Builtin_intrinsics.intel

  extension MultiplyLoop {
    /// `vpmaddubsw`, `vpmaddwd` by ones, `vpaddd`, of 256 bits each: together 32 multiplications of bytes and 32
    /// additions, 12 times a round. The multiplications by one are not counted.
    public static var avx2: MultiplyLoop {
      MultiplyLoop(
        instructions: "vpmaddubsw + vpmaddwd + vpaddd, 256 bits", operationsPerRound: 12 * 64,
        run: { multiply(rounds: $0) })
    }
  }

  /// `opaque256` is no instruction: it keeps the products, whose inputs never change, within the loop.
  @inline(never)
  private func multiply(rounds: Int) -> Int32 {
    var a = _mm256_set1_epi8(1)
    let w = _mm256_set1_epi8(-1)
    let ones = _mm256_set1_epi16(1)
    var sums = InlineArray<12, __m256i>(repeating: _mm256_setzero_si256())
    for _ in 0..<rounds {
      for index in 0..<12 {
        a = opaque256(a)
        sums[index] = _mm256_add_epi32(sums[index], _mm256_madd_epi16(_mm256_maddubs_epi16(a, w), ones))
      }
    }
    var total = sums[0]
    for index in 1..<12 { total = _mm256_add_epi32(total, sums[index]) }
    return unsafe unsafeBitCast(total, to: SIMD8<Int32>.self).wrappedSum()
  }
#endif
