#if arch(x86_64)
  import SwiftletKernels
  import _Builtin_intrinsics.intel

  /// The int32 sums of 16 rows, in two registers.
  struct Accumulator {
    var low: __m256i
    var high: __m256i

    @inline(__always)
    init(low: __m256i, high: __m256i) {
      self.low = low
      self.high = high
    }

    @inline(__always)
    static var zero: Accumulator {
      Accumulator(low: _mm256_setzero_si256(), high: _mm256_setzero_si256())
    }
  }

  /// Four inputs of 16 rows.
  struct WeightBlock {
    let low: __m256i
    let high: __m256i
    @inline(__always)
    init(_ place: UnsafeRawPointer) {
      low = unsafe place.loadUnaligned(as: __m256i.self)
      high = unsafe (place + 32).loadUnaligned(as: __m256i.self)
    }
  }

  /// The sums as floats.
  @inline(__always)
  func floats(_ sums: Accumulator) -> Lanes {
    Lanes(lowHalf: _mm256_cvtepi32_ps(sums.low), highHalf: _mm256_cvtepi32_ps(sums.high))
  }

  /// Adds Σw · zero point, where |Σw| < 2¹⁵ and `sums` are `lowHalves`.
  @inline(__always)
  func addOffset(_ sums: Accumulator, _ zeroPoint: Int32, to dots: inout Accumulator) {
    let factor = _mm256_set1_epi32(zeroPoint)
    dots.low = _mm256_add_epi32(dots.low, _mm256_madd_epi16(sums.low, factor))
    dots.high = _mm256_add_epi32(dots.high, _mm256_madd_epi16(sums.high, factor))
  }

  /// Each sum's low half, with nothing above it: as pairs of int16, the second adds nothing to a product.
  @inline(__always)
  func lowHalves(_ sums: Accumulator) -> Accumulator {
    let mask = _mm256_set1_epi32(0xFFFF)
    return Accumulator(low: _mm256_and_si256(sums.low, mask), high: _mm256_and_si256(sums.high, mask))
  }

  /// Adds Σw · zero point, modulo 2³².
  @inline(__always)
  func addWideOffset(_ sums: Accumulator, _ zeroPoint: Int32, to dots: inout Accumulator) {
    let factor = _mm256_set1_epi32(zeroPoint)
    dots.low = _mm256_add_epi32(dots.low, _mm256_mullo_epi32(sums.low, factor))
    dots.high = _mm256_add_epi32(dots.high, _mm256_mullo_epi32(sums.high, factor))
  }
#endif
