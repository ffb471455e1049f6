import SwiftletArena
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTokenizers

/// What can go wrong with a model or a text.
public enum SwiftletError: Error, Sendable, Describable {
  /// The file is not a model that can be run.
  case file(ModelFileError)
  /// The model's tokenizer can't be used.
  case tokenizer(TokenizerError)
  /// The tokenizer and the model have different vocabularies.
  case vocabulary(tokenizer: Int, model: Int)
  /// There is not enough memory.
  case memory(ArenaError)
  /// The system refuses a thread.
  case threads(SystemError)
  /// A limit is not one that the model allows.
  case limit(name: StaticString, value: Int, least: Int, most: Int)
  /// The text is not UTF-8.
  case notUTF8(offset: Int)
  /// The text is longer than the limits allow.
  case tooLong(count: Int, most: Int, unit: StaticString, lower: StaticString)

  /// Writes what is wrong, and the numbers.
  public func describe<Sink: ByteSink & ~Copyable>(to sink: inout Sink) {
    switch self {
    case .file(let error): error.describe(to: &sink)
    case .tokenizer(let error): error.describe(to: &sink)
    case .memory(let error): error.describe(to: &sink)
    case .threads(let error):
      error.describe(to: &sink)
      sink.write("; lower --threads")
    case .vocabulary(let tokenizer, let model):
      sink.write("its tokenizer has ")
      sink.write(tokenizer)
      sink.write(" tokens, its embeddings ")
      sink.write(model)
    case .limit(let name, let value, let least, let most):
      sink.write(name)
      sink.write(" is ")
      sink.write(value)
      sink.write(", must be ")
      sink.write(least)
      sink.write(" to ")
      sink.write(most)
    case .notUTF8(let offset):
      sink.write("not UTF-8 at byte ")
      sink.write(offset)
    case .tooLong(let count, let most, let unit, let limit):
      sink.write("too long: ")
      sink.write(count)
      sink.write(unit)
      sink.write(", at most ")
      sink.write(most)
      sink.write("; raise ")
      sink.write(limit)
    }
  }
}
