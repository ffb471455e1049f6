#if arch(arm64)
  import SwiftletKernels
  import SwiftletKernelsDotProduct
  import _Builtin_intrinsics.arm.neon

  extension KernelSet {
    /// NEON with matrix products of int8 (ARMv8.6 and later): 32 multiplications and additions an instruction.
    ///
    /// `vmmlaq_s32` multiplies two rows of eight inputs by two others. Two neighbouring blocks of weights, zipped, are
    /// two of those; few tokens don't pay for the zipping, so they take dot products. All but the product is NEON's.
    public static var i8mm: KernelSet {
      // Only this module is compiled for the instruction set: no other may take its code in.
      @export(interface) get {
        unsafe dotProduct.with(name: "i8mm", quantizationShift: 0) {
          guard $2 > 3 else { return unsafe KernelSet.dotProduct.product($0, $1, $2, $3, $4, $5, $6) }
          unsafe matrixProducts($0, $1, count: $2, tiles: $3, Target(output: $4, stride: $5, activation: $6))
        }
      }
    }
  }

  /// Four pairs of tokens × half a tile: sixteen registers of sums of 32.
  typealias BlockTokens = InlineArray<8, Void>
  typealias BlockTiles = InlineArray<1, Void>
  typealias VectorTiles = InlineArray<2, Void>

  /// Adds the products of `M` tokens, `stride` bytes apart, with `R` tiles over `inputs` inputs.
  @inline(__always)
  func multiply<let M: Int, let R: Int>(
    _ values: UnsafeRawPointer, _ stride: Int, _ blocks: InlineArray<R, UnsafeRawPointer>, inputs: Int,
    _ dots: inout InlineArray<R, InlineArray<M, Accumulator>>
  ) {
    guard M > 3 else { return unsafe addDots(values, stride, blocks, inputs: inputs, &dots) }
    let most = inputs & -16
    for r in 0..<R {
      if M == 4 {
        unsafe addMatrices(
          values, stride, blocks[r], inputs: most, InlineArray<4, Void>(repeating: ()), &dots[r])
      } else {
        unsafe addMatrices(
          values, stride, blocks[r], inputs: most, InlineArray<2, Void>(repeating: ()), &dots[r])
      }
    }
    unsafe addTail(values, stride, blocks, from: most, to: inputs, &dots)
  }

  /// The sums of two tokens with four rows: of each token, those of two neighbouring rows lie in one register.
  struct TwoTokens {
    var low = vdupq_n_s32(0)
    var high = vdupq_n_s32(0)

    /// The first token's sums.
    @inline(__always)
    var first: int32x4_t { vcombine_s32(vget_low_s32(low), vget_low_s32(high)) }

    /// The second token's sums.
    @inline(__always)
    var second: int32x4_t { vcombine_s32(vget_high_s32(low), vget_high_s32(high)) }
  }

  /// Adds the products of `M` tokens with a tile over `inputs` inputs, a multiple of sixteen, `Q` quarters of the
  /// tile at a time.
  @inline(__always)
  func addMatrices<let M: Int, let Q: Int>(
    _ values: UnsafeRawPointer, _ stride: Int, _ block: UnsafeRawPointer, inputs: Int,
    _: InlineArray<Q, Void>, _ dots: inout InlineArray<M, Accumulator>
  ) {
    for part in 0..<4 / Q {
      // Of pairs of tokens: only the first (M + 1) / 2 are used.
      var sums = InlineArray<M, InlineArray<Q, TwoTokens>>(repeating: InlineArray(repeating: TwoTokens()))
      let block = unsafe block + 16 &* Q &* part
      var input = 0
      while input < inputs {
        unsafe addSixteen(values + input, stride, block + 16 &* input, &sums)
        input &+= 16
      }
      for m in 0..<M {
        for q in 0..<Q {
          let sum = m & 1 == 0 ? sums[m / 2][q].first : sums[m / 2][q].second
          let place = Q &* part &+ q
          dots[m].quarters[place] = vaddq_s32(dots[m].quarters[place], sum)
        }
      }
    }
  }

  /// Adds the products of sixteen inputs.
  @inline(__always)
  func addSixteen<let M: Int, let Q: Int>(
    _ values: UnsafeRawPointer, _ stride: Int, _ block: UnsafeRawPointer,
    _ sums: inout InlineArray<M, InlineArray<Q, TwoTokens>>
  ) {
    let a: InlineArray<M, int64x2_t> = filled(vdupq_n_s64(0)) {
      unsafe (values + $0 &* stride).loadUnaligned(as: int64x2_t.self)
    }
    for half in 0..<2 {
      for q in 0..<Q {
        let place = unsafe block + (128 &* half &+ 16 &* q)
        let (v, w) = unsafe (words(place), words(place + 64))
        let (low, high) = (bytes(vzip1q_s32(v, w)), bytes(vzip2q_s32(v, w)))
        for m in 0..<(M &+ 1) / 2 {
          // An odd last token is multiplied twice.
          let (first, second) = (a[2 &* m], a[min(2 &* m &+ 1, M &- 1)])
          let pair = vreinterpretq_s8_s64(half == 0 ? vzip1q_s64(first, second) : vzip2q_s64(first, second))
          sums[m][q].low = vmmlaq_s32(sums[m][q].low, pair, low)
          sums[m][q].high = vmmlaq_s32(sums[m][q].high, pair, high)
        }
      }
    }
  }

  @inline(__always)
  private func words(_ place: UnsafeRawPointer) -> int32x4_t {
    unsafe place.loadUnaligned(as: int32x4_t.self)
  }

  @inline(__always)
  private func bytes(_ words: int32x4_t) -> int8x16_t { vreinterpretq_s8_s32(words) }
#endif
