import SwiftletPlatform

/// A limit that the user sets and that the arena's size follows.
public enum MemoryLimit: Int, Sendable {
  /// The model's own dimensions: nothing to lower.
  case model = 0
  /// The longest source, in tokens: `--max-source`.
  case source
  /// The longest target, in tokens: `--max-target`.
  case target
  /// How many sentences are decoded together: `--batch`.
  case batch
  /// How many hypotheses of a sentence are decoded together: `--beam`.
  case beams
  /// The count of threads: `--threads`.
  case threads
}

/// Why memory can't be planned or had.
public enum ArenaError: Error, Equatable, Sendable, Describable {
  /// A size that does not fit the processor's word.
  case overflow(part: StaticText)
  /// More parts than a plan can list.
  case tooManyParts(limit: Int)
  /// Work for no threads, or for too many.
  case threads(Int, most: Int)
  /// The arena is smaller than the plan.
  case exhausted(requested: Int, available: Int, lower: MemoryLimit)
  /// The system has no such memory: its error number says why.
  case refused(requested: Int, number: Int32, lower: MemoryLimit)

  /// Writes the numbers, and the limit to lower.
  public func describe<Sink: ByteSink & ~Copyable>(to sink: inout Sink) {
    switch self {
    case .overflow(let part):
      sink.write("the size of ")
      sink.write(part)
      sink.write(" does not fit this processor's address space")
    case .tooManyParts(let limit):
      sink.write("a memory plan holds at most ")
      sink.write(limit)
      sink.write(" parts")
    case .threads(let count, let most):
      sink.write("work is shared by 1 to ")
      sink.write(most)
      sink.write(" threads, not ")
      sink.write(count)
    case .exhausted(let requested, let available, let lower):
      sink.write("not enough memory: requested ")
      sink.write(requested)
      sink.write(" bytes, available ")
      sink.write(available)
      sink.write(", missing ")
      sink.write(requested - available)
      lower.advise(to: &sink)
    case .refused(let requested, let number, let lower):
      sink.write("the system refused ")
      sink.write(requested)
      sink.write(" bytes of memory (")
      SystemError(.map, number: number).describe(to: &sink)
      sink.write(")")
      lower.advise(to: &sink)
    }
  }

  /// Whether both are the same case with the same numbers.
  public static func == (one: ArenaError, other: ArenaError) -> Bool {
    switch (one, other) {
    case (.overflow, .overflow): true
    case (.tooManyParts(let a), .tooManyParts(let b)): a == b
    case (.threads(let a, let b), .threads(let c, let d)): a == c && b == d
    case (.exhausted(let a, let b, let c), .exhausted(let d, let e, let f)): a == d && b == e && c == f
    case (.refused(let a, let b, let c), .refused(let d, let e, let f)): a == d && b == e && c == f
    default: false
    }
  }
}

extension MemoryLimit {
  func advise<Sink: ByteSink & ~Copyable>(to sink: inout Sink) {
    switch self {
    case .model: sink.write("; use a smaller model")
    case .source: sink.write("; lower --max-source")
    case .target: sink.write("; lower --max-target")
    case .batch: sink.write("; lower --batch")
    case .beams: sink.write("; lower --beam")
    case .threads: sink.write("; lower --threads")
    }
  }
}
