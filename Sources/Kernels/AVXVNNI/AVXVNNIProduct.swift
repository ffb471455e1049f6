#if arch(x86_64)
  import SwiftletKernels
  import SwiftletKernelsAVX2
  import _Builtin_intrinsics.intel

  extension KernelSet {
    /// AVX-VNNI: 32 multiplications and additions an instruction, on processors without AVX-512. All but the product
    /// is AVX2's.
    ///
    /// `vpdpbusd` multiplies unsigned by signed bytes, so activations are stored as q + 128, and their zero point
    /// as that less 128: exact in int32.
    public static var avxVNNI: KernelSet {
      // Only this module is compiled for the instruction set: no other may take its code in.
      @export(interface) get {
        unsafe avx2.with(name: "avx-vnni", quantizationShift: 128) {
          unsafe blockedProduct($0, $1, count: $2, tiles: $3, Target(output: $4, stride: $5, activation: $6))
        }
      }
    }
  }

  /// Six tokens × one tile: twelve registers of sums of sixteen.
  typealias BlockTokens = InlineArray<6, Void>
  typealias BlockTiles = InlineArray<1, Void>
  typealias VectorTiles = InlineArray<2, Void>
  /// Two vectors × two tiles, or four × one.
  typealias FewTokens = InlineArray<2, Void>
  typealias FewSums = InlineArray<4, Void>

  /// Σw over `inputs` inputs of a tile.
  @inline(__always)
  func weightSums(_ block: UnsafeRawPointer, inputs: Int) -> Accumulator {
    let ones = _mm256_set1_epi8(1)
    var sums = Accumulator.zero
    var input = 0
    while input < inputs {
      unsafe add(WeightBlock(block + 16 &* input), times: ones, to: &sums)
      input &+= 4
    }
    return lowHalves(sums)
  }

  /// Adds the products of `M` tokens, `stride` bytes apart, with `R` tiles over `inputs` inputs.
  @inline(__always)
  func multiply<let M: Int, let R: Int>(
    _ values: UnsafeRawPointer, _ stride: Int, _ blocks: InlineArray<R, UnsafeRawPointer>, inputs: Int,
    _ dots: inout InlineArray<R, InlineArray<M, Accumulator>>
  ) {
    var input = 0
    while input < inputs {
      for r in 0..<R {
        let w = unsafe WeightBlock(blocks[r] + 16 &* input)
        for m in 0..<M {
          let a = unsafe _mm256_set1_epi32((values + (m &* stride &+ input)).loadUnaligned(as: Int32.self))
          add(w, times: a, to: &dots[r][m])
        }
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
    let ones = _mm256_set1_epi8(1)
    var sums = InlineArray<R, Accumulator>(repeating: Accumulator.zero)
    var input = 0
    while input < inputs {
      for r in 0..<R {
        let w = unsafe WeightBlock(blocks[r] + 16 &* input)
        for m in 0..<M {
          for p in 0..<P {
            let place = unsafe values + (m &* stride &+ p &* inputs &+ input)
            let a = unsafe _mm256_set1_epi32(place.loadUnaligned(as: Int32.self))
            add(w, times: a, to: &dots[m][p][r])
          }
        }
        add(w, times: ones, to: &sums[r])
      }
      input &+= 4
    }
    return filled(Accumulator.zero) { lowHalves(sums[$0]) }
  }

  /// Adds the products of four inputs of one token with those of 16 rows.
  @inline(__always)
  func add(_ w: WeightBlock, times a: __m256i, to sums: inout Accumulator) {
    sums.low = _mm256_dpbusd_avx_epi32(sums.low, a, w.low)
    sums.high = _mm256_dpbusd_avx_epi32(sums.high, a, w.high)
  }
#endif
