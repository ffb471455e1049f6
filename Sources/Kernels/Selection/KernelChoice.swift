import SwiftletKernels
import SwiftletKernelsPlain
import SwiftletPlatform

#if arch(x86_64)
  import SwiftletKernelsAVX2
  import SwiftletKernelsAVX512
  import SwiftletKernelsAVXVNNI
  import SwiftletKernelsSSSE3
#endif
#if canImport(SwiftletKernelsNEON) && (arch(arm64) || arch(arm))
  import SwiftletKernelsNEON
#endif
#if arch(arm64)
  import SwiftletKernelsDotProduct
  import SwiftletKernelsI8MM
#endif

/// The instruction sets that there are kernels for, on any processor: from the plain reference up, each faster than
/// those before it on the same processor.
public enum InstructionSet: UInt8, Sendable, Describable {
  /// Plain Swift, for every processor.
  case plain
  /// x86-64 with SSSE3.
  case ssse3
  /// x86-64 with AVX2.
  case avx2
  /// x86-64 with AVX2 and AVX-VNNI.
  case avxVNNI
  /// x86-64 with AVX-512 and VNNI.
  case avx512VNNI
  /// ARMv8, and ARMv7 with NEON.
  case neon
  /// ARMv8 with dot products of int8.
  case dotProduct
  /// ARMv8 with dot products and matrix products of int8.
  case i8mm

  /// The fastest that this processor has. Chosen once, at start-up.
  public static var fastest: InstructionSet {
    // Asked once: a virtual machine answers each question of a processor's features with a trap.
    let features = ProcessorFeatures()
    var last = InstructionSet.plain
    forEach { if $0.kernels(on: features) != nil { last = $0 } }
    return last
  }

  /// Calls `body` with each set, the plain one first. (`allCases` is an array, which allocates.)
  public static func forEach(_ body: (InstructionSet) -> Void) {
    var number: UInt8 = 0
    while let set = InstructionSet(rawValue: number) {
      body(set)
      number += 1
    }
  }

  /// The name, as `--kernel` takes it.
  public var name: StaticText {
    switch self {
    case .plain: "plain"
    case .ssse3: "ssse3"
    case .avx2: "avx2"
    case .avxVNNI: "avx-vnni"
    case .avx512VNNI: "avx512-vnni"
    case .neon: "neon"
    case .dotProduct: "dotprod"
    case .i8mm: "i8mm"
    }
  }

  /// Whether this processor, and the system, have it.
  public var isSupported: Bool { kernels != nil }

  /// The kernels, or nil if this processor lacks the instruction set.
  public var kernels: KernelSet? { kernels(on: ProcessorFeatures()) }

  private func kernels(on features: ProcessorFeatures) -> KernelSet? {
    #if arch(x86_64)
      switch self {
      case .plain: return Self.plainKernels
      case .ssse3: return features.hasSSSE3 ? .ssse3 : nil
      case .avx2: return features.hasAVX2 ? .avx2 : nil
      case .avxVNNI: return features.hasAVXVNNI ? .avxVNNI : nil
      case .avx512VNNI: return features.hasAVX512VNNI ? .avx512 : nil
      default: return nil
      }
    #elseif arch(arm64)
      switch self {
      case .plain: return Self.plainKernels
      case .neon: return .neon
      case .dotProduct: return features.hasDotProduct ? .dotProduct : nil
      case .i8mm: return features.hasI8MM ? .i8mm : nil
      default: return nil
      }
    #elseif arch(arm) && canImport(SwiftletKernelsNEON)
      switch self {
      case .plain: return Self.plainKernels
      case .neon: return features.hasNEON ? .neon : nil
      default: return nil
      }
    #else
      return self == .plain ? Self.plainKernels : nil
    #endif
  }

  /// The kernels of the fastest set.
  public static var fastestKernels: KernelSet { fastest.kernels ?? plainKernels }

  /// The plain set. On boards, which have little room, it shares all but its product with the set that every
  /// processor of the kind has.
  private static var plainKernels: KernelSet {
    #if hasFeature(Embedded) && arch(x86_64)
      unsafe KernelSet.ssse3.with(name: "plain", quantizationShift: 0, product: KernelSet.plainProduct)
    #elseif hasFeature(Embedded) && canImport(SwiftletKernelsNEON) && (arch(arm64) || arch(arm))
      unsafe KernelSet.neon.with(name: "plain", quantizationShift: 0, product: KernelSet.plainProduct)
    #else
      KernelSet.plain
    #endif
  }

  /// Writes the name.
  public func describe<Sink: ByteSink & ~Copyable>(to sink: inout Sink) { sink.write(name) }
}

#if !hasFeature(Embedded)
  extension InstructionSet: CaseIterable {}
#endif
