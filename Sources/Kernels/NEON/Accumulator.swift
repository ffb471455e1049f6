#if arch(arm64) || arch(arm)
  import SwiftletKernels
  import _Builtin_intrinsics.arm.neon

  /// The int32 sums of 16 rows, in four registers.
  struct Accumulator {
    var quarters: InlineArray<4, int32x4_t>

    @inline(__always)
    static var zero: Accumulator { Accumulator(quarters: InlineArray(repeating: vdupq_n_s32(0))) }
  }

  /// The sums as floats.
  @inline(__always)
  func floats(_ sums: Accumulator) -> Lanes {
    lanes { vcvtq_f32_s32(sums.quarters[$0]) }
  }

  /// Adds Σw · zero point.
  @inline(__always)
  func addOffset(_ sums: Accumulator, _ zeroPoint: Int32, to dots: inout Accumulator) {
    let factor = vdupq_n_s32(zeroPoint)
    for q in 0..<4 { dots.quarters[q] = vmlaq_s32(dots.quarters[q], sums.quarters[q], factor) }
  }

  /// Adds Σw · zero point, modulo 2³².
  @inline(__always)
  func addWideOffset(_ sums: Accumulator, _ zeroPoint: Int32, to dots: inout Accumulator) {
    addOffset(sums, zeroPoint, to: &dots)
  }
#endif
