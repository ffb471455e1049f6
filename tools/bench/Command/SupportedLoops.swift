import SwiftletRoof

#if arch(x86_64)
  import SwiftletMachine
  import SwiftletRoofAVX2
  import SwiftletRoofAVX512VNNI
  import SwiftletRoofAVXVNNI
  import SwiftletRoofSSSE3
  import _Builtin_intrinsics.intel.cpuid
#endif

extension MultiplyLoop {
  /// The instruction sets of this kind of processor that there are loops for, under the names of their kernels.
  static var instructionSets: [String] {
    #if arch(x86_64)
      ["avx512-vnni", "avx-vnni", "avx2", "ssse3"]
    #else
      []
    #endif
  }

  /// The loop of an instruction set; nil if this processor, or the system, lacks it. Making the value of a set already
  /// takes its instructions.
  static func loop(of instructionSet: String) -> MultiplyLoop? {
    #if arch(x86_64)
      let features = Features()
      return switch instructionSet {
      case "avx512-vnni" where features.hasAVX512VNNI: .avx512VNNI
      case "avx-vnni" where features.hasAVXVNNI: .avxVNNI
      case "avx2" where features.hasAVX2: .avx2
      case "ssse3" where features.hasSSSE3: .ssse3
      default: nil
      }
    #else
      return nil
    #endif
  }
}

#if arch(x86_64)
  /// What this processor has, and the system lets programs use.
  private struct Features {
    let hasSSSE3: Bool
    let hasAVX2: Bool
    let hasAVXVNNI: Bool
    let hasAVX512VNNI: Bool

    init() {
      let one = Self.leaf(1, 0)
      let seven = Self.leaf(7, 0)
      let saved = one.c >> 27 & 1 == 1 ? machine_xgetbv() : 0
      let (avx, avx512): (UInt64, UInt64) = (0x6, 0xE6)
      hasSSSE3 = one.c >> 9 & 1 == 1
      hasAVX2 = saved & avx == avx && seven.b >> 5 & 1 == 1
      hasAVXVNNI = hasAVX2 && Self.leaf(7, 1).a >> 4 & 1 == 1
      let wide: UInt32 = 1 << 16 | 1 << 30  // F and BW
      hasAVX512VNNI = saved & avx512 == avx512 && seven.b & wide == wide && seven.c >> 11 & 1 == 1
    }

    /// The registers A, B and C of a CPUID leaf; zeros if there is no such leaf.
    private static func leaf(_ number: UInt32, _ part: UInt32) -> (a: UInt32, b: UInt32, c: UInt32) {
      var (a, b, c, d): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
      guard unsafe __get_cpuid_count(number, part, &a, &b, &c, &d) == 1 else { return (0, 0, 0) }
      return (a, b, c)
    }
  }
#endif
