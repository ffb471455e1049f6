#if arch(x86_64)
  import SwiftletKernels
  import _Builtin_intrinsics.intel

  extension KernelSet {
    /// SSSE3, for x86-64 without AVX2: 16 multiplications and additions in four instructions.
    ///
    /// `pmaddubsw` multiplies unsigned by signed bytes, so it gets |a| and sign(w, a); two products of at most
    /// 127 · 127 fit its int16 (numeric contract, 3).
    public static var ssse3: KernelSet {
      // Only this module is compiled for the instruction set: no other may take its code in.
      @export(interface) get {
        unsafe kernelSet(name: "ssse3") {
          unsafe blockedProduct($0, $1, count: $2, tiles: $3, Target(output: $4, stride: $5, activation: $6))
        }
      }
    }
  }

  /// Two tokens × one tile: eight registers of sums of sixteen.
  typealias BlockTokens = InlineArray<2, Void>
  typealias BlockTiles = InlineArray<1, Void>
  typealias VectorTiles = InlineArray<1, Void>
  /// One vector × one tile: more don't fit.
  typealias FewTokens = InlineArray<1, Void>
  typealias FewSums = InlineArray<1, Void>

  /// Σw over `inputs` inputs of a tile.
  @inline(__always)
  func weightSums(_ block: UnsafeRawPointer, inputs: Int) -> Accumulator {
    var pairs = Accumulator.zero
    var input = 0
    while input < inputs {
      unsafe count(block + 16 &* input, to: &pairs)
      input &+= 4
    }
    return lowHalves(foldedPairs(pairs))
  }

  /// Adds the products of `M` tokens, `stride` bytes apart, with `R` tiles over `inputs` inputs.
  @inline(__always)
  func multiply<let M: Int, let R: Int>(
    _ values: UnsafeRawPointer, _ stride: Int, _ blocks: InlineArray<R, UnsafeRawPointer>, inputs: Int,
    _ dots: inout InlineArray<R, InlineArray<M, Accumulator>>
  ) {
    var input = 0
    while input < inputs {
      for m in 0..<M {
        let a = unsafe values + (m &* stride &+ input)
        for r in 0..<R { unsafe add(blocks[r] + 16 &* input, times: a, to: &dots[r][m]) }
      }
      input &+= 4
    }
  }

  /// Adds Σ q·w of `M` tokens' `P` parts with `R` tiles over `inputs` inputs. Returns Σw, which is counted on the way.
  @inline(__always)
  func multiplyCounting<let M: Int, let P: Int, let R: Int>(
    _ values: UnsafeRawPointer, stride: Int, _ blocks: InlineArray<R, UnsafeRawPointer>, inputs: Int,
    _ dots: inout InlineArray<M, InlineArray<P, InlineArray<R, Accumulator>>>
  ) -> InlineArray<R, Accumulator> {
    var pairs = InlineArray<R, Accumulator>(repeating: Accumulator.zero)
    var input = 0
    while input < inputs {
      for r in 0..<R {
        let block = unsafe blocks[r] + 16 &* input
        for m in 0..<M {
          for p in 0..<P {
            unsafe add(block, times: values + (m &* stride &+ p &* inputs &+ input), to: &dots[m][p][r])
          }
        }
        unsafe count(block, to: &pairs[r])
      }
      input &+= 4
    }
    return filled(Accumulator.zero) { lowHalves(foldedPairs(pairs[$0])) }
  }

  /// Four inputs of four rows. Tiles lie at multiples of 64 bytes; old processors are slow at loads that might not.
  @inline(__always)
  private func weights(_ block: UnsafeRawPointer, _ quarter: Int) -> __m128i {
    unsafe (block + 16 &* quarter).load(as: __m128i.self)
  }

  /// Adds the products of four inputs of one token with those of 16 rows.
  @inline(__always)
  private func add(_ block: UnsafeRawPointer, times inputs: UnsafeRawPointer, to sums: inout Accumulator) {
    let ones = _mm_set1_epi16(1)
    let a = unsafe _mm_set1_epi32(inputs.loadUnaligned(as: Int32.self))
    let magnitude = _mm_abs_epi8(a)
    for quarter in 0..<4 {
      let pairs = unsafe _mm_maddubs_epi16(magnitude, _mm_sign_epi8(weights(block, quarter), a))
      sums.quarters[quarter] = _mm_add_epi32(sums.quarters[quarter], _mm_madd_epi16(pairs, ones))
    }
  }

  /// Adds pairs of 16 rows' four inputs.
  ///
  /// They grow in int16: a group of 64 inputs has 16 steps of at most 254.
  @inline(__always)
  private func count(_ block: UnsafeRawPointer, to pairs: inout Accumulator) {
    let one = _mm_set1_epi8(1)
    for quarter in 0..<4 {
      let more = unsafe _mm_maddubs_epi16(one, weights(block, quarter))
      pairs.quarters[quarter] = _mm_add_epi16(pairs.quarters[quarter], more)
    }
  }

  /// Sums of pairs of int16 lanes.
  @inline(__always)
  private func foldedPairs(_ pairs: Accumulator) -> Accumulator {
    let ones = _mm_set1_epi16(1)
    return Accumulator(filled(ones) { _mm_madd_epi16(pairs.quarters[$0], ones) })
  }
#endif
