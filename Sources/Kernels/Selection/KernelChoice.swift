import SwiftletKernels
import SwiftletKernelsPlain
import SwiftletPlatform

#if arch(x86_64)
  import SwiftletKernelsAVX2
  import SwiftletKernelsAVX512
#endif

/// The instruction sets that there are kernels for.
public enum InstructionSet: Sendable, Describable {
  /// Plain Swift, for every processor.
  case plain
  /// x86-64 with AVX2.
  case avx2
  /// x86-64 with AVX-512 and VNNI.
  case avx512VNNI

  /// The fastest that this processor has. Chosen once, at start-up.
  public static var fastest: InstructionSet {
    if avx512VNNI.isSupported { return .avx512VNNI }
    return avx2.isSupported ? .avx2 : .plain
  }

  /// The name, as `--kernel` takes it.
  public var name: StaticString {
    switch self {
    case .plain: "plain"
    case .avx2: "avx2"
    case .avx512VNNI: "avx512-vnni"
    }
  }

  /// Whether this processor, and the system, have it.
  public var isSupported: Bool { kernels != nil }

  /// The kernels, or nil if this processor lacks the instruction set.
  public var kernels: KernelSet? {
    #if arch(x86_64)
      switch self {
      case .plain: return .plain
      case .avx2: return ProcessorFeatures().hasAVX2 ? .avx2 : nil
      case .avx512VNNI: return ProcessorFeatures().hasAVX512VNNI ? .avx512 : nil
      }
    #else
      return self == .plain ? .plain : nil
    #endif
  }

  /// The kernels of the fastest set.
  public static var fastestKernels: KernelSet { fastest.kernels ?? .plain }

  /// Writes the name.
  public func describe<Sink: ByteSink & ~Copyable>(to sink: inout Sink) { sink.write(name) }
}

#if !hasFeature(Embedded)
  extension InstructionSet: CaseIterable {}
#endif
