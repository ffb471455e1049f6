import Swiftlet
import SwiftletKernelSelection
import SwiftletKernels
import SwiftletModelFile
import SwiftletPlatform

/// `swiftlet info MODEL`
enum InfoCommand {
  @inline(never)
  static func run(_ arguments: inout ArgumentReader) -> ExitStatus {
    var options = Options(.info)
    let path: Word
    switch options.parse(&arguments) {
    case .run(let model): path = model
    case .end(let status): return status
    }
    LostPages.areErrors(of: path)
    let isSandboxed = options.isSandboxed && Sandbox.restrict(to: .opening)
    do throws(SwiftletError) {
      let file = try unsafe openModelFile(path.pointer)
      try PlanCommand.check(file)
      return Console.print {
        write(file, options, isSandboxed: isSandboxed, to: &$0)
      }
    } catch {
      return Console.complain(about: path, error)
    }
  }

  private static func write<Sink: ByteSink & ~Copyable>(
    _ file: borrowing ModelFile, _ options: Options, isSandboxed: Bool, to sink: inout Sink
  ) {
    unsafe sink.write(file.section(.metadata))
    number("format", Header.version, to: &sink)
    unsafe number("bytes", file.bytes.count, to: &sink)
    number("tensors", file.tensorCount, to: &sink)
    text("task", file.architecture.task.name, to: &sink)
    writeArchitecture(file.architecture, to: &sink)
    writeQuantization(file, to: &sink)
    if let size = LinkedMemory.size { number("arena", size, to: &sink) }
    text("sandbox", isSandboxed ? "seccomp" : "none", to: &sink)
    text("kernels", (options.instructionSet ?? .fastest).name, to: &sink)
  }

  private static func writeArchitecture<Sink: ByteSink & ~Copyable>(_ a: Architecture, to sink: inout Sink) {
    number("encoder-layers", a.encoderLayers, to: &sink)
    number("decoder-layers", a.decoderLayers, to: &sink)
    number("width", a.width, to: &sink)
    number("heads", a.heads, to: &sink)
    number("key-value-heads", a.keyValueHeads, to: &sink)
    number("feed-forward", max(a.encoderFeedForward, a.decoderFeedForward), to: &sink)
    text("norms", a.normPlacement == .post ? "after each sublayer" : "before each sublayer", to: &sink)
    text("activation", a.activation.text, to: &sink)
    text("positions", a.positionText, to: &sink)
    number("longest", a.positions, to: &sink)
    number("source-vocabulary", a.sourceVocabulary, to: &sink)
    number("target-vocabulary", a.targetVocabulary, to: &sink)
  }

  /// The scheme of the first projection, which the converter uses for all.
  private static func writeQuantization<Sink: ByteSink & ~Copyable>(
    _ file: borrowing ModelFile, to sink: inout Sink
  ) {
    let list = TensorList(file.architecture)
    let stack = file.architecture.encoderLayers > 0 ? Stack.encoder : .decoder
    guard let first = list.index(of: TensorName(stack, .selfQueryKeyValue)),
      let second = list.index(of: TensorName(stack, .feedForwardOut)),
      let tensor = try? file.tensor(at: first), let last = try? file.tensor(at: second)
    else { return }
    if tensor.group == 0 {
      text("scales", "one a row", to: &sink)
    } else {
      number("scales", tensor.group, to: &sink)
    }
    let offset: StaticText = tensor.usesOffset ? "all" : last.usesOffset ? "inner" : "none"
    text("activation-offset", offset, to: &sink)
  }

  private static func number<Sink: ByteSink & ~Copyable>(
    _ name: StaticText, _ value: Int, to sink: inout Sink
  ) {
    sink.write(name)
    sink.write("=")
    sink.write(value)
    sink.write("\n")
  }

  private static func text<Sink: ByteSink & ~Copyable>(
    _ name: StaticText, _ value: StaticText, to sink: inout Sink
  ) {
    sink.write(name)
    sink.write("=")
    sink.write(value)
    sink.write("\n")
  }
}

extension Architecture.Activation {
  fileprivate var text: StaticText {
    switch self {
    case .none: "none"
    case .relu: "relu"
    case .swish: "swish"
    case .gelu: "gelu"
    case .geluTanh: "gelu by tanh"
    case .tanh: "tanh"
    }
  }
}

extension Architecture {
  /// How a token's place counts.
  fileprivate var positionText: StaticText {
    switch positionEncoding {
    case .halves: "sinusoidal, halves"
    case .interleaved: "sinusoidal, interleaved"
    case .learned: "learned"
    case .none: rotaryWidth > 0 ? "rotary" : relativeDistance > 0 ? "relative" : "none"
    }
  }
}
