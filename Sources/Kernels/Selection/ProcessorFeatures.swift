#if arch(x86_64)
  import SwiftletMachine
  import _Builtin_intrinsics.intel.cpuid

  /// What this processor has, and the system lets programs use.
  struct ProcessorFeatures {
    /// AVX2.
    private(set) var hasAVX2 = false
    /// AVX-512 F, BW, DQ, VL and VNNI.
    private(set) var hasAVX512VNNI = false

    /// Asks the processor.
    init() {
      let features = Self.leaf(1)
      let systemSavesRegisters = features.c >> 27 & 1 == 1
      guard systemSavesRegisters else { return }
      let saved = machine_xgetbv()
      let extended = Self.leaf(7)
      let (avx, avx512): (UInt64, UInt64) = (0x6, 0xE6)
      hasAVX2 = saved & avx == avx && extended.b >> 5 & 1 == 1
      let wide: UInt32 = 1 << 16 | 1 << 17 | 1 << 30 | 1 << 31  // F, DQ, BW, VL
      let hasVNNI = extended.c >> 11 & 1 == 1
      hasAVX512VNNI = saved & avx512 == avx512 && extended.b & wide == wide && hasVNNI
    }

    /// The registers B and C of a CPUID leaf; zeros if there is no such leaf.
    private static func leaf(_ number: UInt32) -> (b: UInt32, c: UInt32) {
      var (a, b, c, d): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
      guard __get_cpuid_count(number, 0, &a, &b, &c, &d) == 1 else { return (0, 0) }
      return (b, c)
    }
  }
#endif
