/// A way by which bytes from outside enter: a name, the form of an input, and what is done with one.
///
/// libFuzzer calls `run` with what it makes up (tools/fuzz/Command), tests call it with the inputs that are kept
/// (Tests/CorpusTests).
@safe public struct FuzzTarget: Sendable {
  /// What an input is made of: how it may be changed without becoming noise.
  public enum Form: Equatable, Sendable {
    /// Bytes, as they come.
    case bytes
    /// So many files or texts: see `Parts`.
    case parts(Int)
    /// A `.swiftlet` file, whose header states size and checksum.
    case modelFile
  }

  /// The name, and that of the directory of its corpus.
  public let name: String
  /// What an input is made of.
  public let form: Form
  /// The longest input that is worth trying, in bytes.
  public let longest: Int
  /// Inputs to begin with.
  public let seeds: @Sendable () throws -> [[UInt8]]
  /// Does with an input what a program would do. Throws what must never happen; an error that is typed is a result.
  public let run: @Sendable (UnsafeRawBufferPointer) throws(BrokenPromise) -> Void

  /// A way in; see the properties.
  public init(
    _ name: String, _ form: Form = .bytes, longest: Int, seeds: @escaping @Sendable () throws -> [[UInt8]],
    _ run: @escaping @Sendable (UnsafeRawBufferPointer) throws(BrokenPromise) -> Void
  ) {
    self.name = name
    self.form = form
    self.longest = longest
    self.seeds = seeds
    unsafe self.run = unsafe run
  }

  /// Those of the library and of the converter. Those of the command line are apart: they are in its module.
  public static let all: [FuzzTarget] = [
    .modelFile, .section, .text, .ids, .tasks, .json, .safetensors, .sentencePiece, .torch,
    .ctranslate2, .llama2C, .tokenizerJSON, .vocabularies, .directory, .pairs,
  ]
}

/// Something that must never happen, and did.
public struct BrokenPromise: Error, CustomStringConvertible {
  /// What.
  public let description: String

  /// What happened.
  public init(_ description: String) { self.description = description }
}

/// Throws unless `condition` holds.
func expect(_ condition: Bool, _ otherwise: @autoclosure () -> String) throws(BrokenPromise) {
  guard condition else { throw BrokenPromise(otherwise()) }
}
