#if arch(arm)
  import SwiftletPlatform

  /// What this processor has, as Linux tells it to programs (its `hwcap.h`).
  struct ProcessorFeatures {
    private let first = auxiliaryValue(16)  // AT_HWCAP

    /// NEON.
    var hasNEON: Bool { first >> 12 & 1 == 1 }
  }
#endif
