// swift-tools-version: 6.2
import PackageDescription

/// Flags are per module, so each instruction set is a module of its own. `-Xcc` reaches the compiler's
/// target options: it is what lets a module use an instruction set's intrinsics and registers. The loops over a
/// register tile must unroll whole, or its sums lie in memory: a product is then three times slower.
func instructionSet(_ flags: [String]) -> [SwiftSetting] {
  #if arch(x86_64)
    return deviceSettings + [
      .unsafeFlags(flags.flatMap { ["-Xcc", "-m\($0)"] } + ["-Xllvm", "-unroll-threshold=2000"])
    ]
  #else
    return deviceSettings
  #endif
}

/// What the device's modules need, and what they must not load: two libraries that every Swift program gets unasked.
let deviceSettings: [SwiftSetting] = [
  .enableExperimentalFeature("Lifetimes"),
  .unsafeFlags([
    "-Xfrontend", "-disable-implicit-concurrency-module-import",
    "-Xfrontend", "-disable-implicit-string-processing-module-import",
  ]),
]

/// Optimised, atomic operations are instructions: nothing of the library that defines them is called, so it is not
/// loaded.
let inlineAtomics: [SwiftSetting] = [
  .unsafeFlags(
    ["-Xfrontend", "-disable-autolink-library", "-Xfrontend", "swiftSynchronization"],
    .when(configuration: .release))
]

/// The device's modules: no Foundation, no allocation after start-up.
let device: [Target] = [
  // Its `Boards` is for programs without a C library: see tools/boards.
  .target(name: "SwiftletMachine", path: "Sources/Machine", exclude: ["Boards"]),
  .target(
    name: "SwiftletPlatform", dependencies: ["SwiftletMachine"], path: "Sources/Platform",
    swiftSettings: deviceSettings),
  .target(
    name: "SwiftletArena", dependencies: ["SwiftletPlatform"], path: "Sources/Arena",
    swiftSettings: deviceSettings),
  .target(
    name: "SwiftletThreads", dependencies: ["SwiftletArena", "SwiftletPlatform", "SwiftletMachine"],
    path: "Sources/Threads", swiftSettings: deviceSettings + inlineAtomics),
  .target(
    name: "SwiftletModelFile", dependencies: ["SwiftletArena", "SwiftletPlatform"], path: "Sources/ModelFile",
    exclude: ["FORMAT.md"], swiftSettings: deviceSettings),
  .target(name: "SwiftletKernels", path: "Sources/Kernels/Types", swiftSettings: deviceSettings),
  .target(
    name: "SwiftletKernelsPlain", dependencies: ["SwiftletKernels"], path: "Sources/Kernels/Plain",
    swiftSettings: deviceSettings),
  .target(
    name: "SwiftletKernelsSSSE3", dependencies: ["SwiftletKernels"], path: "Sources/Kernels/SSSE3",
    swiftSettings: instructionSet(["ssse3"])),
  .target(
    name: "SwiftletKernelsAVX2", dependencies: ["SwiftletKernels"], path: "Sources/Kernels/AVX2",
    swiftSettings: instructionSet(["avx2"])),
  .target(
    name: "SwiftletKernelsAVXVNNI", dependencies: ["SwiftletKernels"], path: "Sources/Kernels/AVXVNNI",
    swiftSettings: instructionSet(["avx2", "avxvnni"])),
  .target(
    name: "SwiftletKernelsAVX512", dependencies: ["SwiftletKernels"], path: "Sources/Kernels/AVX512",
    swiftSettings: instructionSet(["avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512vnni"])),
  .target(
    name: "SwiftletKernelSelection",
    dependencies: [
      "SwiftletKernels", "SwiftletKernelsPlain", "SwiftletKernelsSSSE3", "SwiftletKernelsAVX2",
      "SwiftletKernelsAVXVNNI", "SwiftletKernelsAVX512", "SwiftletMachine", "SwiftletPlatform",
    ], path: "Sources/Kernels/Selection", swiftSettings: deviceSettings),
  .target(
    name: "SwiftletTransformer",
    dependencies: [
      "SwiftletArena", "SwiftletModelFile", "SwiftletKernels", "SwiftletThreads", "SwiftletPlatform",
    ], path: "Sources/Transformer", swiftSettings: deviceSettings),
  .target(
    name: "SwiftletTokenizers", dependencies: ["SwiftletPlatform"], path: "Sources/Tokenizers",
    exclude: ["FORMAT.md"], swiftSettings: deviceSettings),
  .target(
    name: "SwiftletDecoding",
    dependencies: ["SwiftletTransformer", "SwiftletKernels", "SwiftletArena", "SwiftletModelFile"],
    path: "Sources/Decoding", swiftSettings: deviceSettings),
  .target(
    name: "Swiftlet",
    dependencies: [
      "SwiftletDecoding", "SwiftletTokenizers", "SwiftletTransformer", "SwiftletKernelSelection",
      "SwiftletKernels", "SwiftletModelFile", "SwiftletThreads", "SwiftletArena", "SwiftletPlatform",
    ], path: "Sources/Swiftlet", swiftSettings: deviceSettings),
  .executableTarget(
    name: "swiftlet-device",
    dependencies: [
      "Swiftlet", "SwiftletTransformer", "SwiftletTokenizers", "SwiftletKernelSelection", "SwiftletKernels",
      "SwiftletModelFile", "SwiftletArena", "SwiftletPlatform",
    ], path: "Sources/Command", swiftSettings: deviceSettings + inlineAtomics),
]

/// The roof that the kernels are measured against: a loop of multiply instructions for each instruction set.
let roof: [Target] = [
  .target(name: "SwiftletRoof", path: "tools/bench/Roof/Types", swiftSettings: deviceSettings),
  .target(name: "SwiftletRoofOpaque", path: "tools/bench/Roof/Opaque"),
  .target(
    name: "SwiftletRoofSSSE3", dependencies: ["SwiftletRoof", "SwiftletRoofOpaque"],
    path: "tools/bench/Roof/SSSE3", swiftSettings: instructionSet(["ssse3"])),
  .target(
    name: "SwiftletRoofAVX2", dependencies: ["SwiftletRoof", "SwiftletRoofOpaque"],
    path: "tools/bench/Roof/AVX2", swiftSettings: instructionSet(["avx2"])),
  .target(
    name: "SwiftletRoofAVXVNNI", dependencies: ["SwiftletRoof"], path: "tools/bench/Roof/AVXVNNI",
    swiftSettings: instructionSet(["avx2", "avxvnni"])),
  .target(
    name: "SwiftletRoofAVX512VNNI", dependencies: ["SwiftletRoof"], path: "tools/bench/Roof/AVX512VNNI",
    swiftSettings: instructionSet(["avx512f", "avx512bw", "avx512vnni"])),
]

/// The host's tools: Foundation and allocation allowed.
let host: [Target] = [
  .target(name: "SwiftletConsole", path: "tools/console"),
  .target(name: "SwiftletSources", path: "tools/sources"),
  .target(
    name: "SwiftletConversion",
    dependencies: ["SwiftletSources", "SwiftletModelFile", "SwiftletTokenizers", "SwiftletPlatform"],
    path: "tools/convert/Conversion"),
  .executableTarget(
    name: "swiftlet-convert", dependencies: ["SwiftletConversion", "SwiftletConsole"],
    path: "tools/convert/Command"),
  .target(
    name: "SwiftletFloatReference", dependencies: ["SwiftletSources"], path: "tools/verify/Reference"),
  .target(
    name: "SwiftletVerification",
    dependencies: [
      "SwiftletFloatReference", "SwiftletSources", "Swiftlet", "SwiftletTransformer", "SwiftletTokenizers",
      "SwiftletModelFile", "SwiftletKernels", "SwiftletKernelSelection", "SwiftletPlatform",
    ], path: "tools/verify/Verification"),
  .executableTarget(
    name: "swiftlet-verify", dependencies: ["SwiftletVerification", "SwiftletConsole"],
    path: "tools/verify/Command"),
  .target(
    name: "SwiftletShapes",
    dependencies: ["SwiftletConversion", "SwiftletSources", "SwiftletModelFile", "SwiftletTokenizers"],
    path: "tools/bench/Shapes"),
  .executableTarget(
    name: "swiftlet-bench",
    dependencies: [
      "SwiftletConsole", "SwiftletShapes", "SwiftletConversion", "Swiftlet", "SwiftletTransformer",
      "SwiftletKernelSelection", "SwiftletKernels", "SwiftletModelFile", "SwiftletArena", "SwiftletPlatform",
      "SwiftletMachine", "SwiftletRoof", "SwiftletRoofSSSE3", "SwiftletRoofAVX2", "SwiftletRoofAVXVNNI",
      "SwiftletRoofAVX512VNNI",
    ], path: "tools/bench/Command"),
]

let tests: [Target] = [
  .testTarget(name: "VerificationTests", dependencies: ["SwiftletVerification", "SwiftletConversion"]),
  .testTarget(
    name: "KernelsTests",
    dependencies: [
      "SwiftletKernelSelection", "SwiftletKernels", "SwiftletKernelsPlain", "SourcesTestSupport",
    ]),
  .testTarget(
    name: "TransformerTests",
    dependencies: [
      "Swiftlet", "SwiftletTransformer", "SwiftletConversion", "SwiftletFloatReference",
      "SwiftletKernelSelection", "SwiftletKernels", "SwiftletModelFile", "SwiftletArena",
      "SourcesTestSupport",
    ]),
  .testTarget(
    name: "TokenizersTests",
    dependencies: ["SwiftletTokenizers", "SwiftletConversion", "SwiftletSources", "SourcesTestSupport"],
    exclude: ["Fixtures"]),
  .target(name: "SourcesTestSupport", path: "Tests/SourcesTestSupport"),
  .testTarget(name: "SourcesTests", dependencies: ["SwiftletSources", "SourcesTestSupport"]),
  .testTarget(
    name: "FloatReferenceTests",
    dependencies: ["SwiftletFloatReference", "SwiftletSources", "SourcesTestSupport"]),
  .testTarget(name: "PlatformTests", dependencies: ["SwiftletPlatform"]),
  .testTarget(name: "ArenaTests", dependencies: ["SwiftletArena", "SwiftletPlatform", "SourcesTestSupport"]),
  .testTarget(
    name: "ModelFileTests",
    dependencies: [
      "SwiftletModelFile", "SwiftletConversion", "Swiftlet", "SwiftletKernelSelection", "SwiftletKernels",
      "SwiftletPlatform", "SourcesTestSupport",
    ], exclude: ["Fixtures"]),
  .testTarget(
    name: "ShapesTests",
    dependencies: [
      "SwiftletShapes", "SwiftletConversion", "SwiftletModelFile", "Swiftlet", "SwiftletKernelSelection",
      "SourcesTestSupport",
    ]),
  // The programs are dependencies so that they are built and lie beside the tests, which start them.
  .testTarget(
    name: "CommandTests",
    dependencies: [
      "swiftlet-device", "swiftlet-convert", "swiftlet-verify", "swiftlet-bench", "SwiftletKernelSelection",
      "SourcesTestSupport",
    ]),
]

let package = Package(
  name: "swiftlet",
  platforms: [.macOS("26.0")],
  products: [.library(name: "Swiftlet", targets: ["Swiftlet"])],
  targets: device + roof + host + tests,
  swiftLanguageModes: [.v6]
)
