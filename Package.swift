// swift-tools-version: 6.2
import PackageDescription

/// What the device's modules need, and what they must not load: two libraries that every Swift program gets unasked.
let deviceSettings: [SwiftSetting] = [
  .enableExperimentalFeature("Lifetimes"),
  .unsafeFlags([
    "-Xfrontend", "-disable-implicit-concurrency-module-import",
    "-Xfrontend", "-disable-implicit-string-processing-module-import",
  ]),
]

/// The kernels of an instruction set. Flags are per module, so each is a module of its own. `-Xcc` reaches the
/// compiler's target options: it is what lets a module use an instruction set's intrinsics and registers. The loops
/// over a register tile must unroll whole, or its sums lie in memory: a product is then three times slower. A set may
/// take the kernels that it can't make faster from older ones.
func kernels(_ name: String, _ flags: [String] = [], sharing older: [String] = []) -> Target {
  .target(
    name: "SwiftletKernels\(name)",
    dependencies: ["SwiftletKernels", "SwiftletMachine"]
      + older.map { .init(stringLiteral: "SwiftletKernels\($0)") },
    path: "Sources/Kernels/\(name)",
    swiftSettings: deviceSettings + [
      .unsafeFlags(flags.flatMap { ["-Xcc", $0] } + ["-Xllvm", "-unroll-threshold=2000"])
    ])
}

/// The instruction sets of this machine's kind of processor. (tools/boards builds for the others.)
#if arch(x86_64)
  let instructionSets = [
    kernels("SSSE3", ["-mssse3"]),
    kernels("AVX2", ["-mavx2"], sharing: ["SSSE3"]),
    kernels("AVXVNNI", ["-mavx2", "-mavxvnni"], sharing: ["AVX2"]),
    kernels(
      "AVX512", ["-mavx512f", "-mavx512bw", "-mavx512dq", "-mavx512vl", "-mavx512vnni"],
      sharing: ["SSSE3", "AVX2"]),
  ]
#elseif arch(arm64)
  let instructionSets = [
    kernels("NEON"),
    kernels("DotProduct", ["-mcpu=generic+dotprod"], sharing: ["NEON"]),
    kernels("I8MM", ["-mcpu=generic+dotprod+i8mm"], sharing: ["NEON", "DotProduct"]),
  ]
#elseif arch(arm)
  let instructionSets = [kernels("NEON")]
#else
  let instructionSets: [Target] = []
#endif

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
    name: "SwiftletKernelSelection",
    dependencies: ["SwiftletKernels", "SwiftletKernelsPlain", "SwiftletMachine", "SwiftletPlatform"]
      + instructionSets.map { .target(name: $0.name) }, path: "Sources/Kernels/Selection",
    swiftSettings: deviceSettings),
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
    dependencies: [
      "SwiftletTransformer", "SwiftletKernels", "SwiftletKernelsPlain", "SwiftletArena", "SwiftletModelFile",
      "SwiftletPlatform",
    ], path: "Sources/Decoding", swiftSettings: deviceSettings),
  .target(
    name: "Swiftlet",
    dependencies: [
      "SwiftletDecoding", "SwiftletTokenizers", "SwiftletTransformer", "SwiftletKernelSelection",
      "SwiftletKernelsPlain", "SwiftletKernels", "SwiftletModelFile", "SwiftletThreads", "SwiftletArena",
      "SwiftletPlatform",
    ], path: "Sources/Swiftlet", swiftSettings: deviceSettings),
  .executableTarget(
    name: "swiftlet-device",
    dependencies: [
      "Swiftlet", "SwiftletDecoding", "SwiftletTransformer", "SwiftletTokenizers", "SwiftletKernelSelection",
      "SwiftletKernels", "SwiftletModelFile", "SwiftletArena", "SwiftletPlatform",
    ], path: "Sources/Command", swiftSettings: deviceSettings + inlineAtomics),
]

/// A loop of an instruction set's multiply instructions.
func roof(_ name: String, _ flags: [String]) -> Target {
  .target(
    name: "SwiftletRoof\(name)", dependencies: ["SwiftletRoof", "SwiftletRoofOpaque"],
    path: "tools/bench/Roof/\(name)",
    swiftSettings: deviceSettings + [
      .unsafeFlags(flags.flatMap { ["-Xcc", $0] })
    ])
}

#if arch(x86_64)
  let x86Roofs = [
    roof("SSSE3", ["-mssse3"]),
    roof("AVX2", ["-mavx2"]),
    roof("AVXVNNI", ["-mavx2", "-mavxvnni"]),
    roof("AVX512VNNI", ["-mavx512f", "-mavx512bw", "-mavx512vnni"]),
  ]
#else
  let x86Roofs = ["SSSE3", "AVX2", "AVXVNNI", "AVX512VNNI"].map { roof($0, []) }
#endif

/// The roof that the kernels are measured against.
let roofs: [Target] =
  [
    .target(name: "SwiftletRoof", path: "tools/bench/Roof/Types", swiftSettings: deviceSettings),
    .target(name: "SwiftletRoofOpaque", path: "tools/bench/Roof/Opaque"),
  ] + x86Roofs

/// The host's tools: Foundation and allocation allowed.
let host: [Target] = [
  .target(name: "SwiftletConsole", path: "tools/console"),
  .target(name: "SwiftletSources", path: "tools/sources", exclude: ["LIMITS.md"]),
  .target(
    name: "SwiftletFamilies", dependencies: ["SwiftletSources", "SwiftletModelFile"], path: "tools/families"),
  .target(
    name: "SwiftletConversion",
    dependencies: [
      "SwiftletFamilies", "SwiftletSources", "SwiftletModelFile", "SwiftletTokenizers", "SwiftletPlatform",
      "SwiftletFloatReference",
    ],
    path: "tools/convert/Conversion"),
  .executableTarget(
    name: "swiftlet-convert", dependencies: ["SwiftletConversion", "SwiftletFamilies", "SwiftletConsole"],
    path: "tools/convert/Command"),
  .target(
    name: "SwiftletFloatReference",
    dependencies: ["SwiftletFamilies", "SwiftletSources", "SwiftletModelFile"],
    path: "tools/verify/Reference"),
  .executableTarget(
    name: "swiftlet-float", dependencies: ["SwiftletFloatReference", "SwiftletFamilies", "SwiftletConsole"],
    path: "tools/verify/Float"),
  .target(name: "SwiftletMetrics", path: "tools/verify/Metrics"),
  .target(
    name: "SwiftletVerification",
    dependencies: [
      "SwiftletMetrics", "SwiftletArena", "SwiftletFloatReference", "SwiftletFamilies", "SwiftletSources",
      "Swiftlet", "SwiftletTransformer", "SwiftletTokenizers", "SwiftletDecoding", "SwiftletModelFile",
      "SwiftletKernels", "SwiftletKernelSelection", "SwiftletPlatform",
    ], path: "tools/verify/Verification"),
  .target(
    name: "SwiftletReport", dependencies: ["SwiftletVerification", "SwiftletMetrics"],
    path: "tools/verify/Report"),
  .executableTarget(
    name: "swiftlet-verify",
    dependencies: ["SwiftletReport", "SwiftletVerification", "SwiftletConsole"],
    path: "tools/verify/Command"),
  .target(
    name: "SwiftletTranslationTable", dependencies: ["Swiftlet", "SwiftletModelFile"],
    path: "tools/shortlist/Table"),
  .executableTarget(
    name: "swiftlet-shortlist", dependencies: ["SwiftletTranslationTable", "Swiftlet", "SwiftletConsole"],
    path: "tools/shortlist/Command"),
  .target(
    name: "SwiftletShapes",
    dependencies: [
      "SwiftletConversion", "SwiftletFamilies", "SwiftletSources", "SwiftletModelFile", "SwiftletTokenizers",
    ],
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

/// What fuzzing and its tests call. The fuzzer itself is linked with libFuzzer: tools/fuzz/run builds it, and sets this.
let fuzzing: [Target] =
  [
    .target(
      name: "SwiftletFuzzing",
      dependencies: [
        "SwiftletTranslationTable", "SwiftletConversion", "SwiftletFamilies", "SwiftletSources", "Swiftlet",
        "SwiftletDecoding", "SwiftletTransformer", "SwiftletTokenizers", "SwiftletModelFile",
        "SwiftletPlatform", "SourcesTestSupport",
      ], path: "tools/fuzz/Targets"),
    // The device's program, by a link: a module's names are its own, and a program is no library.
    .target(
      name: "SwiftletFuzzingArguments",
      dependencies: [
        "SwiftletFuzzing", "Swiftlet", "SwiftletDecoding", "SwiftletTransformer", "SwiftletTokenizers",
        "SwiftletKernelSelection", "SwiftletKernels", "SwiftletModelFile", "SwiftletArena",
        "SwiftletPlatform",
      ], path: "tools/fuzz/Arguments", exclude: ["Command/Program.swift"], swiftSettings: deviceSettings),
  ]
  + (Context.environment["SWIFTLET_FUZZ"] == nil
    ? []
    : [
      .executableTarget(
        name: "swiftlet-fuzz", dependencies: ["SwiftletFuzzing", "SwiftletFuzzingArguments"],
        path: "tools/fuzz/Command", swiftSettings: [.enableExperimentalFeature("Extern")])
    ])

let tests: [Target] = [
  .testTarget(
    name: "CorpusTests",
    dependencies: ["SwiftletFuzzing", "SwiftletFuzzingArguments", "SourcesTestSupport"]),
  .testTarget(
    name: "VerificationTests",
    dependencies: [
      "SwiftletVerification", "SwiftletReport", "SwiftletMetrics", "SwiftletConversion", "SwiftletFamilies",
      "SwiftletModelFile", "Swiftlet", "SourcesTestSupport",
    ], exclude: ["Fixtures"]),
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
    name: "DecodingTests",
    dependencies: [
      "SwiftletDecoding", "SwiftletVerification", "SwiftletFloatReference", "SwiftletSources", "Swiftlet",
      "SwiftletConversion", "SwiftletTransformer", "SwiftletModelFile", "SwiftletKernels", "SwiftletArena",
      "SourcesTestSupport",
    ], exclude: ["Fixtures"]),
  .testTarget(
    name: "TokenizersTests",
    dependencies: [
      "SwiftletTokenizers", "SwiftletConversion", "SwiftletFamilies", "SwiftletModelFile", "SwiftletSources",
      "SourcesTestSupport",
    ],
    exclude: ["Fixtures"]),
  .executableTarget(
    name: "tokenizer-probe", dependencies: ["SwiftletConversion", "SwiftletTokenizers"],
    path: "Tests/TokenizerProbe"),
  .target(name: "SourcesTestSupport", path: "Tests/SourcesTestSupport"),
  .testTarget(
    name: "ConversionTests",
    dependencies: [
      "SwiftletConversion", "SwiftletFamilies", "SwiftletModelFile", "SwiftletSources", "SourcesTestSupport",
    ]),
  .testTarget(name: "SourcesTests", dependencies: ["SwiftletSources", "SourcesTestSupport"]),
  .testTarget(
    name: "FamiliesTests",
    dependencies: ["SwiftletFamilies", "SwiftletModelFile", "SwiftletSources", "SourcesTestSupport"]),
  .testTarget(
    name: "FloatReferenceTests",
    dependencies: [
      "SwiftletFloatReference", "SwiftletFamilies", "SwiftletModelFile", "SwiftletSources",
      "SourcesTestSupport",
    ], exclude: ["CTranslate2", "Goldens"]),
  .testTarget(name: "PlatformTests", dependencies: ["SwiftletPlatform", "SourcesTestSupport"]),
  .testTarget(name: "ArenaTests", dependencies: ["SwiftletArena", "SwiftletPlatform", "SourcesTestSupport"]),
  .testTarget(
    name: "ModelFileTests",
    dependencies: [
      "SwiftletModelFile", "SwiftletConversion", "SwiftletFamilies", "SwiftletSources", "Swiftlet",
      "SwiftletKernelSelection", "SwiftletKernels", "SwiftletPlatform", "SourcesTestSupport",
    ], exclude: ["Fixtures"]),
  .testTarget(
    name: "ShapesTests",
    dependencies: [
      "SwiftletShapes", "SwiftletConversion", "SwiftletModelFile", "Swiftlet", "SwiftletKernelSelection",
      "SourcesTestSupport",
    ]),
  .executableTarget(
    name: "threads-probe", dependencies: ["SwiftletThreads", "SwiftletArena", "SwiftletPlatform"],
    path: "Tests/ThreadsProbe"),
  .testTarget(
    name: "ThreadsTests",
    dependencies: [
      "threads-probe", "SwiftletThreads", "SwiftletArena", "SwiftletPlatform", "SourcesTestSupport",
    ]),
  // The programs are dependencies so that they are built and lie beside the tests, which start them.
  .testTarget(
    name: "CommandTests",
    dependencies: [
      "swiftlet-device", "swiftlet-convert", "swiftlet-verify", "swiftlet-bench", "swiftlet-shortlist",
      "SwiftletKernelSelection", "SourcesTestSupport",
    ]),
  .testTarget(
    name: "FaultTests",
    dependencies: [
      "swiftlet-device", "swiftlet-convert", "swiftlet-verify", "swiftlet-shortlist", "SourcesTestSupport",
    ]),
  .executableTarget(
    name: "long-run-probe",
    dependencies: [
      "Swiftlet", "SwiftletTransformer", "SwiftletConversion", "SwiftletKernelSelection", "SwiftletModelFile",
      "SwiftletArena", "SwiftletPlatform", "SourcesTestSupport",
    ], path: "Tests/LongRunProbe"),
]

let targets = device + instructionSets + roofs + host + fuzzing + tests

// Every use of what the compiler can't check, a pointer above all, is marked `unsafe` where it stands.
for target in targets { target.swiftSettings = (target.swiftSettings ?? []) + [.strictMemorySafety()] }

let package = Package(
  name: "swiftlet",
  platforms: [.macOS("26.0")],
  products: [.library(name: "Swiftlet", targets: ["Swiftlet"])],
  targets: targets,
  swiftLanguageModes: [.v6]
)
