#if arch(arm64)
  import SwiftletKernels
  import SwiftletKernelsNEON
  import _Builtin_intrinsics.arm.neon

  extension KernelSet {
    /// NEON with dot products (ARMv8.2 and later): 16 multiplications and additions an instruction. All but the product
    /// is NEON's.
    public static var dotProduct: KernelSet {
      // Only this module is compiled for the instruction set: no other may take its code in.
      @export(interface) get {
        unsafe neon.with(name: "dotprod", quantizationShift: 0) {
          unsafe blockedProduct($0, $1, count: $2, tiles: $3, Target(output: $4, stride: $5, activation: $6))
        }
      }
    }
  }

  /// Six tokens × one tile: 24 registers of sums of 32.
  typealias BlockTokens = InlineArray<6, Void>
  typealias BlockTiles = InlineArray<1, Void>
  typealias VectorTiles = InlineArray<2, Void>

  /// Adds the products of `M` tokens, `stride` bytes apart, with `R` tiles over `inputs` inputs.
  @inline(__always)
  func multiply<let M: Int, let R: Int>(
    _ values: UnsafeRawPointer, _ stride: Int, _ blocks: InlineArray<R, UnsafeRawPointer>, inputs: Int,
    _ dots: inout InlineArray<R, InlineArray<M, Accumulator>>
  ) {
    unsafe addDots(values, stride, blocks, inputs: inputs, &dots)
  }
#endif
