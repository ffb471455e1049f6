#if arch(arm64) || arch(arm)
  import SwiftletKernels
  import _Builtin_intrinsics.arm.neon

  // The standard library's arithmetic on vectors goes lane by lane, and on ARMv7 it would stay so: NEON takes
  // subnormals as zero there, so the compiler does not put floats into its registers unasked. These take the place of
  // the standard library's operators in this module; no result depends on a subnormal.

  @inline(__always)
  func + (a: SIMD4<Float>, b: SIMD4<Float>) -> SIMD4<Float> { vaddq_f32(a, b) }

  @inline(__always)
  func + (a: SIMD8<Float>, b: SIMD8<Float>) -> SIMD8<Float> {
    SIMD8(lowHalf: a.lowHalf + b.lowHalf, highHalf: a.highHalf + b.highHalf)
  }

  @inline(__always)
  func + (a: Lanes, b: Lanes) -> Lanes { lanes { vaddq_f32(a.quarter($0), b.quarter($0)) } }

  @inline(__always)
  func + (a: Lanes, b: Float) -> Lanes { a + Lanes(repeating: b) }

  @inline(__always)
  func += (a: inout Lanes, b: Lanes) { a = a + b }

  @inline(__always)
  func - (a: Lanes, b: Lanes) -> Lanes { lanes { vsubq_f32(a.quarter($0), b.quarter($0)) } }

  @inline(__always)
  func - (a: Lanes, b: Float) -> Lanes { a - Lanes(repeating: b) }

  @inline(__always)
  func * (a: Lanes, b: Lanes) -> Lanes { lanes { vmulq_f32(a.quarter($0), b.quarter($0)) } }

  @inline(__always)
  func * (a: Lanes, b: Float) -> Lanes { a * Lanes(repeating: b) }

  #if arch(arm64)
    @inline(__always)
    func / (a: Lanes, b: Lanes) -> Lanes { lanes { vdivq_f32(a.quarter($0), b.quarter($0)) } }
  #endif
#endif
