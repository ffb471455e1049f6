#if arch(arm64) || arch(arm)
  import SwiftletKernels
  import _Builtin_intrinsics.arm.neon

  extension KernelSet {
    /// NEON, which ARMv8 always has and most of ARMv7: 16 multiplications and additions in three instructions.
    ///
    /// `vmull_s8` and `vmlal_s8` add two products of at most 127 · 127 in int16, where they fit (numeric contract,
    /// 3); `vpadalq_s16` adds pairs of them to int32 sums.
    public static var neon: KernelSet {
      // Only this module is compiled for the instruction set: no other may take its code in.
      @export(interface) get {
        unsafe kernelSet(name: "neon") {
          unsafe blockedProduct($0, $1, count: $2, tiles: $3, Target(output: $4, stride: $5, activation: $6))
        }
      }
    }
  }

  /// Three tokens × half a tile, or a quarter: twelve registers of sums of 32, or six of sixteen.
  typealias BlockTokens = InlineArray<3, Void>
  typealias BlockTiles = InlineArray<1, Void>
  typealias VectorTiles = InlineArray<1, Void>
  /// How many pairs of rows are multiplied together with several tokens, with one, and with one while Σw is counted:
  /// as many as fit 32 registers, and sixteen, in the order in which the compiler puts the instructions.
  #if arch(arm64)
    typealias BlockPairs = InlineArray<4, Void>
    typealias VectorPairs = InlineArray<8, Void>
    typealias CountedPairs = InlineArray<8, Void>
  #else
    typealias BlockPairs = InlineArray<2, Void>
    typealias VectorPairs = InlineArray<4, Void>
    typealias CountedPairs = InlineArray<2, Void>
  #endif

  /// One sum to a row, of sums that grew in two lanes to a row.
  @inline(__always)
  func folded(_ low: int32x4_t, _ high: int32x4_t) -> int32x4_t {
    #if arch(arm64)
      vpaddq_s32(low, high)
    #else
      vcombine_s32(
        vpadd_s32(vget_low_s32(low), vget_high_s32(low)), vpadd_s32(vget_low_s32(high), vget_high_s32(high)))
    #endif
  }

  /// Four inputs of two rows.
  @inline(__always)
  func weights(_ place: UnsafeRawPointer) -> int8x8_t { unsafe place.loadUnaligned(as: int8x8_t.self) }

  /// Four inputs of a token, for two rows.
  @inline(__always)
  func broadcast(_ place: UnsafeRawPointer) -> int8x8_t {
    unsafe vreinterpret_s8_s32(vdup_n_s32(place.loadUnaligned(as: Int32.self)))
  }

  /// Σw over `inputs` inputs of a tile, a whole group.
  @inline(__always)
  func weightSums(_ block: UnsafeRawPointer, inputs: Int) -> Accumulator {
    var sums = InlineArray<4, int16x8_t>(repeating: vdupq_n_s16(0))
    var input = 0
    while input < inputs {
      for q in 0..<4 {
        let place = unsafe block + (16 &* input &+ 16 &* q)
        sums[q] = unsafe vpadalq_s8(sums[q], place.loadUnaligned(as: int8x16_t.self))
      }
      input &+= 4
    }
    return Accumulator(quarters: filled(vdupq_n_s32(0)) { vpaddlq_s16(sums[$0]) })
  }

  /// Adds the products of `M` tokens, `stride` bytes apart, with `R` tiles over `inputs` inputs.
  @inline(__always)
  func multiply<let M: Int, let R: Int>(
    _ values: UnsafeRawPointer, _ stride: Int, _ blocks: InlineArray<R, UnsafeRawPointer>, inputs: Int,
    _ dots: inout InlineArray<R, InlineArray<M, Accumulator>>
  ) {
    for r in 0..<R {
      if M == 1 {
        unsafe multiplyTile(values, stride, blocks[r], inputs: inputs, VectorPairs(repeating: ()), &dots[r])
      } else {
        unsafe multiplyTile(values, stride, blocks[r], inputs: inputs, BlockPairs(repeating: ()), &dots[r])
      }
    }
  }

  /// Adds the products of `M` tokens with a tile, `P` pairs of rows at a time.
  @inline(__always)
  func multiplyTile<let M: Int, let P: Int>(
    _ values: UnsafeRawPointer, _ stride: Int, _ block: UnsafeRawPointer, inputs: Int,
    _: InlineArray<P, Void>, _ dots: inout InlineArray<M, Accumulator>
  ) {
    for part in 0..<8 / P {
      var sums = InlineArray<M, InlineArray<P, int32x4_t>>(repeating: InlineArray(repeating: vdupq_n_s32(0)))
      let block = unsafe block + 8 &* P &* part
      var places: InlineArray<M, UnsafeRawPointer> = unsafe filled(values) { unsafe values + $0 &* stride }
      var weights = unsafe block
      let end = unsafe block + 16 &* (inputs & -8)
      while unsafe weights < end {
        unsafe addEight(places, weights, &sums)
        for m in 0..<M { unsafe places[m] += 8 }
        unsafe weights += 128
      }
      if inputs & 4 != 0 { unsafe addFour(places, weights, &sums) }
      for m in 0..<M {
        for q in 0..<P / 2 {
          let sum = folded(sums[m][2 &* q], sums[m][2 &* q &+ 1])
          let place = P / 2 &* part &+ q
          dots[m].quarters[place] = vaddq_s32(dots[m].quarters[place], sum)
        }
      }
    }
  }

  /// Adds the products of eight inputs: two blocks, whose products are added in pairs.
  @inline(__always)
  func addEight<let M: Int, let P: Int>(
    _ places: InlineArray<M, UnsafeRawPointer>, _ block: UnsafeRawPointer,
    _ sums: inout InlineArray<M, InlineArray<P, int32x4_t>>
  ) {
    let zero = vdup_n_s8(0)
    let v: InlineArray<P, int8x8_t> = filled(zero) { unsafe weights(block + 8 &* $0) }
    let w: InlineArray<P, int8x8_t> = filled(zero) { unsafe weights(block + (64 &+ 8 &* $0)) }
    for m in 0..<M {
      let a = unsafe broadcast(places[m])
      let b = unsafe broadcast(places[m] + 4)
      for p in 0..<P {
        sums[m][p] = vpadalq_s16(sums[m][p], vmlal_s8(vmull_s8(v[p], a), w[p], b))
      }
    }
  }

  /// Adds the products of four inputs.
  @inline(__always)
  func addFour<let M: Int, let P: Int>(
    _ places: InlineArray<M, UnsafeRawPointer>, _ block: UnsafeRawPointer,
    _ sums: inout InlineArray<M, InlineArray<P, int32x4_t>>
  ) {
    for p in 0..<P {
      let w = unsafe weights(block + 8 &* p)
      for m in 0..<M {
        sums[m][p] = unsafe vpadalq_s16(sums[m][p], vmull_s8(w, broadcast(places[m])))
      }
    }
  }

  /// Adds Σ q·w of `V` vectors with `R` tiles over `inputs` inputs, a whole group. Returns Σw, which is counted on the way.
  @inline(__always)
  func multiplyCounting<let M: Int, let P: Int, let R: Int>(
    _ values: UnsafeRawPointer, stride: Int, _ blocks: InlineArray<R, UnsafeRawPointer>, inputs: Int,
    _ dots: inout InlineArray<M, InlineArray<P, InlineArray<R, Accumulator>>>
  ) -> InlineArray<R, Accumulator> {
    var sums = InlineArray<R, Accumulator>(repeating: Accumulator.zero)
    for r in 0..<R {
      for m in 0..<M {
        for p in 0..<P {
          unsafe multiplyCounting(
            values + (m &* stride &+ p &* inputs), blocks[r], inputs: inputs, &dots[m][p][r], &sums[r],
            CountedPairs(repeating: ()))
        }
      }
    }
    return sums
  }

  /// The same for a vector and a tile, `P` pairs of rows at a time.
  @inline(__always)
  func multiplyCounting<let P: Int>(
    _ values: UnsafeRawPointer, _ block: UnsafeRawPointer, inputs: Int, _ total: inout Accumulator,
    _ totalWeights: inout Accumulator, _: InlineArray<P, Void>
  ) {
    for part in 0..<8 / P {
      var dots = InlineArray<P, int32x4_t>(repeating: vdupq_n_s32(0))
      var sums = InlineArray<P, int16x4_t>(repeating: vdup_n_s16(0))
      let block = unsafe block + 8 &* P &* part
      var input = 0
      while input < inputs {
        let (a, b) = unsafe (broadcast(values + input), broadcast(values + (input &+ 4)))
        for p in 0..<P {
          let place = unsafe block + (16 &* input &+ 8 &* p)
          let (v, w) = unsafe (weights(place), weights(place + 64))
          dots[p] = vpadalq_s16(dots[p], vmlal_s8(vmull_s8(v, a), w, b))
          sums[p] = vpadal_s8(vpadal_s8(sums[p], v), w)
        }
        input &+= 8
      }
      for q in 0..<P / 2 {
        let place = P / 2 &* part &+ q
        total.quarters[place] = folded(dots[2 &* q], dots[2 &* q &+ 1])
        totalWeights.quarters[place] = vpaddlq_s16(vcombine_s16(sums[2 &* q], sums[2 &* q &+ 1]))
      }
    }
  }
#endif
