#if arch(arm64) || arch(arm)
  import SwiftletPlatform

  /// What this processor has, as Linux tells it to programs (its `hwcap.h`).
  struct ProcessorFeatures {
    private let first = auxiliaryValue(16)  // AT_HWCAP
    private let second = auxiliaryValue(26)  // AT_HWCAP2

    #if arch(arm64)
      /// Dot products of int8.
      var hasDotProduct: Bool { first >> 20 & 1 == 1 }
      /// Matrix products of int8, and dot products.
      var hasI8MM: Bool { hasDotProduct && second >> 13 & 1 == 1 }
    #else
      /// NEON.
      var hasNEON: Bool { first >> 12 & 1 == 1 }
    #endif
  }
#endif
