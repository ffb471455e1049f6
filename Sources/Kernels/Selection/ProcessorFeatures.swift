#if arch(x86_64)
  import SwiftletMachine
  import _Builtin_intrinsics.intel.cpuid

  /// What this processor has, and the system lets programs use.
  struct ProcessorFeatures {
    /// SSSE3.
    private(set) var hasSSSE3 = false
    /// AVX2.
    private(set) var hasAVX2 = false
    /// AVX2 and VNNI in its encoding.
    private(set) var hasAVXVNNI = false
    /// AVX-512 F, BW, DQ, VL and VNNI.
    private(set) var hasAVX512VNNI = false

    /// Asks the processor.
    init() {
      let features = Leaf(1)
      hasSSSE3 = features.c >> 9 & 1 == 1
      let systemSavesRegisters = features.c >> 27 & 1 == 1
      guard systemSavesRegisters else { return }
      let saved = machine_xgetbv()
      let extended = Leaf(7)
      let (avx, avx512): (UInt64, UInt64) = (0x6, 0xE6)
      hasAVX2 = saved & avx == avx && extended.b >> 5 & 1 == 1
      hasAVXVNNI = hasAVX2 && Leaf(7, 1).a >> 4 & 1 == 1
      let wide: UInt32 = 1 << 16 | 1 << 17 | 1 << 30 | 1 << 31  // F, DQ, BW, VL
      let hasVNNI = extended.c >> 11 & 1 == 1
      hasAVX512VNNI = saved & avx512 == avx512 && extended.b & wide == wide && hasVNNI
    }

    /// The registers of a CPUID leaf; zeros if there is no such leaf.
    private struct Leaf {
      private(set) var a: UInt32 = 0
      private(set) var b: UInt32 = 0
      private(set) var c: UInt32 = 0

      init(_ number: UInt32, _ part: UInt32 = 0) {
        var d: UInt32 = 0
        _ = unsafe __get_cpuid_count(number, part, &a, &b, &c, &d)
      }
    }
  }
#elseif !arch(arm64) && !arch(arm)
  /// Nothing that the kernels ask for.
  struct ProcessorFeatures {}
#endif
