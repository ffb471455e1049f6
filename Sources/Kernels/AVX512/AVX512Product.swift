#if arch(x86_64)
  import SwiftletKernels
  import SwiftletKernelsAVX2
  import SwiftletKernelsSSSE3
  import SwiftletMachine
  import _Builtin_intrinsics.intel

  extension KernelSet {
    /// AVX-512 with VNNI: 64 multiplications and additions an instruction.
    ///
    /// `vpdpbusd` multiplies unsigned by signed bytes, so activations are stored as q + 128, and their zero point
    /// as that less 128: exact in int32.
    public static var avx512: KernelSet {
      // Only this module is compiled for the instruction set: no other may take its code in.
      @export(interface) get {
        let product: KernelSet.Product = {
          unsafe blockedProduct($0, $1, count: $2, tiles: $3, Target(output: $4, stride: $5, activation: $6))
        }
        #if hasFeature(Embedded)
          // Boards have little room, and few of them these registers: all but the product is AVX2's.
          return unsafe KernelSet.avx2.with(name: "avx512-vnni", quantizationShift: 128, product: product)
        #else
          return unsafe kernelSet(name: "avx512-vnni", quantizationShift: 128, product: product)
            .with(rareKernelsOf: .ssse3)
        #endif
      }
    }
  }

  /// Eight tokens × two tiles: sixteen sums, enough to grow independently. (Twelve fit, but are not faster.)
  typealias BlockTokens = InlineArray<8, Void>
  typealias BlockTiles = InlineArray<2, Void>
  /// Four tiles: so many sums grow independently.
  typealias VectorTiles = InlineArray<4, Void>
  /// Four tokens × four tiles, or as many parts × two tiles: up to sixteen sums.
  typealias FewTokens = InlineArray<4, Void>
  typealias FewSums = InlineArray<16, Void>

  /// The int32 sums of 16 rows.
  struct Accumulator {
    var lanes: __m512i
    @inline(__always)
    init(_ lanes: __m512i) { self.lanes = lanes }
    @inline(__always)
    static var zero: Accumulator { Accumulator(_mm512_setzero_si512()) }
  }

  /// The sums as floats.
  @inline(__always)
  func floats(_ sums: Accumulator) -> Lanes { _mm512_cvtepi32_ps(sums.lanes) }

  /// Adds Σw · zero point, where |Σw| < 2¹⁵ and `sums` are `lowHalves`.
  @inline(__always)
  func addOffset(_ sums: Accumulator, _ zeroPoint: Int32, to dots: inout Accumulator) {
    dots.lanes = _mm512_dpwssd_epi32(dots.lanes, sums.lanes, _mm512_set1_epi32(zeroPoint))
  }

  /// Each sum's low half, with nothing above it: as pairs of int16, the second adds nothing to a product.
  @inline(__always)
  func lowHalves(_ sums: Accumulator) -> Accumulator {
    Accumulator(_mm512_and_si512(sums.lanes, _mm512_set1_epi32(0xFFFF)))
  }

  /// Adds Σw · zero point, modulo 2³².
  @inline(__always)
  func addWideOffset(_ sums: Accumulator, _ zeroPoint: Int32, to dots: inout Accumulator) {
    let offset = _mm512_mullo_epi32(sums.lanes, _mm512_set1_epi32(zeroPoint))
    dots.lanes = _mm512_add_epi32(dots.lanes, offset)
  }

  /// Σw over `inputs` inputs of a tile.
  @inline(__always)
  func weightSums(_ block: UnsafeRawPointer, inputs: Int) -> Accumulator {
    let ones = _mm512_set1_epi8(1)
    var (even, odd) = (_mm512_setzero_si512(), _mm512_setzero_si512())
    var input = 0
    while input < inputs {
      let place = unsafe block + 16 &* input
      even = unsafe _mm512_dpbusd_epi32(even, ones, place.loadUnaligned(as: __m512i.self))
      odd = unsafe _mm512_dpbusd_epi32(odd, ones, (place + 64).loadUnaligned(as: __m512i.self))
      input &+= 8
    }
    return lowHalves(Accumulator(_mm512_add_epi32(even, odd)))
  }

  /// Adds the products of `M` tokens, `stride` bytes apart, with `R` tiles over `inputs` inputs.
  @inline(__always)
  func multiply<let M: Int, let R: Int>(
    _ values: UnsafeRawPointer, _ stride: Int, _ blocks: InlineArray<R, UnsafeRawPointer>, inputs: Int,
    _ dots: inout InlineArray<R, InlineArray<M, Accumulator>>
  ) {
    var input = 0
    while input < inputs {
      let w: InlineArray<R, __m512i> = filled(_mm512_setzero_si512()) {
        unsafe machine_prefetch(blocks[$0] + (16 &* input &+ 2048))
        return unsafe (blocks[$0] + 16 &* input).loadUnaligned(as: __m512i.self)
      }
      for m in 0..<M {
        let a = unsafe _mm512_set1_epi32((values + (m &* stride &+ input)).loadUnaligned(as: Int32.self))
        for r in 0..<R { dots[r][m].lanes = _mm512_dpbusd_epi32(dots[r][m].lanes, a, w[r]) }
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
    let ones = _mm512_set1_epi8(1)
    var sums = InlineArray<R, __m512i>(repeating: _mm512_setzero_si512())
    var input = 0
    while input < inputs {
      let w: InlineArray<R, __m512i> = filled(_mm512_setzero_si512()) {
        unsafe (blocks[$0] + 16 &* input).loadUnaligned(as: __m512i.self)
      }
      for r in 0..<R { sums[r] = _mm512_dpbusd_epi32(sums[r], ones, w[r]) }
      for m in 0..<M {
        for p in 0..<P {
          let place = unsafe values + (m &* stride &+ p &* inputs &+ input)
          let a = unsafe _mm512_set1_epi32(place.loadUnaligned(as: Int32.self))
          for r in 0..<R { dots[m][p][r].lanes = _mm512_dpbusd_epi32(dots[m][p][r].lanes, a, w[r]) }
        }
      }
      input &+= 4
    }
    return filled(Accumulator.zero) { lowHalves(Accumulator(sums[$0])) }
  }
#endif
