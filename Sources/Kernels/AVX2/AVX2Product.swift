#if arch(x86_64)
  import SwiftletKernels
  import SwiftletKernelsSSSE3
  import _Builtin_intrinsics.intel

  extension KernelSet {
    /// AVX2: 32 multiplications and additions in four instructions.
    ///
    /// `vpmaddubsw` multiplies unsigned by signed bytes, so it gets one factor's magnitude and the other with that
    /// one's sign; two products of at most 127 · 127 fit its int16 (numeric contract, 3).
    public static var avx2: KernelSet {
      // Only this module is compiled for the instruction set: no other may take its code in.
      @export(interface) get {
        unsafe kernelSet(name: "avx2") {
          unsafe blockedProduct($0, $1, count: $2, tiles: $3, Target(output: $4, stride: $5, activation: $6))
        }.with(rareKernelsOf: .ssse3)
      }
    }
  }

  /// Six tokens × half a tile at a time: six registers of sums, and four more.
  typealias BlockTokens = InlineArray<6, Void>
  typealias BlockTiles = InlineArray<1, Void>
  typealias VectorTiles = InlineArray<2, Void>
  /// Two vectors × two tiles, or four × one.
  typealias FewTokens = InlineArray<2, Void>
  typealias FewSums = InlineArray<4, Void>

  /// Σw over `inputs` inputs of a tile.
  ///
  /// Sums of pairs grow in int16: a group of 64 inputs has 16 steps of at most 254.
  @inline(__always)
  func weightSums(_ block: UnsafeRawPointer, inputs: Int) -> Accumulator {
    let one = _mm256_set1_epi8(1)
    var pairs = Accumulator.zero
    var input = 0
    while input < inputs {
      let w = unsafe WeightBlock(block + 16 &* input)
      pairs.low = _mm256_add_epi16(pairs.low, _mm256_maddubs_epi16(one, w.low))
      pairs.high = _mm256_add_epi16(pairs.high, _mm256_maddubs_epi16(one, w.high))
      input &+= 4
    }
    return lowHalves(foldedPairs(pairs))
  }

  /// Adds the products of `M` tokens, `stride` bytes apart, with `R` tiles over `inputs` inputs.
  ///
  /// Magnitudes are taken of what is used most: of one token for all tiles, of weights for several tokens.
  @inline(__always)
  func multiply<let M: Int, let R: Int>(
    _ values: UnsafeRawPointer, _ stride: Int, _ blocks: InlineArray<R, UnsafeRawPointer>, inputs: Int,
    _ dots: inout InlineArray<R, InlineArray<M, Accumulator>>
  ) {
    if M == 1 {
      var input = 0
      while input < inputs {
        for r in 0..<R {
          unsafe add(WeightBlock(blocks[r] + 16 &* input), times: values + input, to: &dots[r][0])
        }
        input &+= 4
      }
    } else {
      for r in 0..<R {
        let low: InlineArray<M, __m256i> = unsafe halfTile(blocks[r], times: values, stride, inputs: inputs)
        for m in 0..<M { dots[r][m].low = _mm256_add_epi32(dots[r][m].low, low[m]) }
        let high: InlineArray<M, __m256i> = unsafe halfTile(
          blocks[r] + 32, times: values, stride, inputs: inputs)
        for m in 0..<M { dots[r][m].high = _mm256_add_epi32(dots[r][m].high, high[m]) }
      }
    }
  }

  /// The products of eight rows with `M` tokens, `stride` bytes apart, over `inputs` inputs.
  ///
  /// Eight rows, not sixteen: so the sums, the weights, their magnitudes and a token fit the sixteen registers.
  @inline(__always)
  private func halfTile<let M: Int>(
    _ block: UnsafeRawPointer, times values: UnsafeRawPointer, _ stride: Int, inputs: Int
  ) -> InlineArray<M, __m256i> {
    let ones = _mm256_set1_epi16(1)
    var sums = InlineArray<M, __m256i>(repeating: _mm256_setzero_si256())
    var input = 0
    while input < inputs {
      let w = unsafe (block + 16 &* input).loadUnaligned(as: __m256i.self)
      let magnitude = _mm256_abs_epi8(w)
      for m in 0..<M {
        let a = unsafe _mm256_set1_epi32((values + (m &* stride &+ input)).loadUnaligned(as: Int32.self))
        let pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(a, w))
        sums[m] = _mm256_add_epi32(sums[m], _mm256_madd_epi16(pairs, ones))
      }
      input &+= 4
    }
    return sums
  }

  /// Adds Σ q·w of `M` tokens' `P` parts with `R` tiles over `inputs` inputs. Returns Σw, which is counted on the way.
  @inline(__always)
  func multiplyCounting<let M: Int, let P: Int, let R: Int>(
    _ values: UnsafeRawPointer, stride: Int, _ blocks: InlineArray<R, UnsafeRawPointer>, inputs: Int,
    _ dots: inout InlineArray<M, InlineArray<P, InlineArray<R, Accumulator>>>
  ) -> InlineArray<R, Accumulator> {
    let one = _mm256_set1_epi8(1)
    var pairs = InlineArray<R, Accumulator>(repeating: Accumulator.zero)
    var input = 0
    while input < inputs {
      for r in 0..<R {
        let w = unsafe WeightBlock(blocks[r] + 16 &* input)
        for m in 0..<M {
          for p in 0..<P {
            unsafe add(w, times: values + (m &* stride &+ p &* inputs &+ input), to: &dots[m][p][r])
          }
        }
        pairs[r].low = _mm256_add_epi16(pairs[r].low, _mm256_maddubs_epi16(one, w.low))
        pairs[r].high = _mm256_add_epi16(pairs[r].high, _mm256_maddubs_epi16(one, w.high))
      }
      input &+= 4
    }
    return filled(Accumulator.zero) { lowHalves(foldedPairs(pairs[$0])) }
  }

  /// Adds the products of four inputs of one token with those of 16 rows.
  @inline(__always)
  func add(_ w: WeightBlock, times inputs: UnsafeRawPointer, to sums: inout Accumulator) {
    let ones = _mm256_set1_epi16(1)
    let a = unsafe _mm256_set1_epi32(inputs.loadUnaligned(as: Int32.self))
    let magnitude = _mm256_abs_epi8(a)
    let low = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(w.low, a))
    let high = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(w.high, a))
    sums.low = _mm256_add_epi32(sums.low, _mm256_madd_epi16(low, ones))
    sums.high = _mm256_add_epi32(sums.high, _mm256_madd_epi16(high, ones))
  }

  /// Sums of pairs of int16 lanes.
  @inline(__always)
  private func foldedPairs(_ pairs: Accumulator) -> Accumulator {
    let ones = _mm256_set1_epi16(1)
    return Accumulator(low: _mm256_madd_epi16(pairs.low, ones), high: _mm256_madd_epi16(pairs.high, ones))
  }
#endif
