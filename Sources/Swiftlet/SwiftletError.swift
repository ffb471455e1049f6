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
  case limit(name: StaticText, value: Int, most: Int, least: Int32)
  /// The text is not UTF-8.
  case notUTF8(offset: Int)
  /// The text is longer than the limits allow.
  case tooLong(count: Int, most: Int, unit: TextUnit, lower: StaticText)
  /// The model is for something else.
  case otherTask(ModelTask)
  /// The option makes no sense for the model.
  case unused(option: StaticText, ModelTask)
  /// The text has no tokens.
  case noTokens
  /// The text has no mask token.
  case noMask
  /// The vocabulary has no mask token.
  case noMaskToken
  /// There is no TAB between two texts.
  case noSecondText
  /// How states become one vector is not set.
  case noPooling
  /// A language can't be chosen: the vocabulary has no token of it, or the tokenizer no place for one.
  case language(option: StaticText, hasLanguages: Bool)
  /// The model has no chat template, or one that the converter did not know.
  case noChatTemplate(isUnknown: Bool)
  /// A word is not a token's id.
  case notAnID(offset: Int)

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
    case .limit(let name, let value, let most, let least):
      sink.write(name)
      sink.write(" is ")
      sink.write(value)
      sink.write(", must be ")
      sink.write(Int(least))
      sink.write(" to ")
      sink.write(most)
    case .otherTask(let task): sink.write(task.text)
    case .unused(let option, let task):
      sink.write(option)
      sink.write(" can't be used: ")
      sink.write(task.text)
    case .noTokens: sink.write("the text has no tokens")
    case .noMask: sink.write("the text has no [MASK] or <mask>")
    case .noMaskToken: sink.write("the vocabulary has neither [MASK] nor <mask>")
    case .noSecondText: sink.write("there is no TAB between two texts")
    case .noPooling: sink.write("the model's makers set no pooling: give --pooling mean, first, last or max")
    case .language(let option, let hasLanguages):
      sink.write(option)
      sink.write(
        hasLanguages
          ? ": the vocabulary has no token of this language"
          : " can't be used: the tokenizer puts no language before a source")
    case .noChatTemplate(let isUnknown):
      sink.write("--chat can't be used: ")
      sink.write(
        isUnknown ? "the converter did not know the model's chat template" : "the model has no chat template")
    case .notAnID(let offset):
      sink.write("not a token's id at byte ")
      sink.write(offset)
    case .notUTF8(let offset):
      sink.write("not UTF-8 at byte ")
      sink.write(offset)
    case .tooLong(let count, let most, let unit, let limit):
      sink.write("too long: ")
      sink.write(count)
      sink.write(unit.text)
      sink.write(", at most ")
      sink.write(most)
      sink.write("; raise ")
      sink.write(limit)
    }
  }
}

/// What a text's length is counted in.
public enum TextUnit: Sendable {
  /// Bytes of UTF-8.
  case bytes
  /// Tokens.
  case tokens
  /// Tokens that all targets begin with.
  case prefixTokens
  /// Bytes for which the plan has no place.
  case unplannedBytes

  fileprivate var text: StaticText {
    switch self {
    case .bytes: " bytes"
    case .tokens: " tokens"
    case .prefixTokens: " tokens of prefix"
    case .unplannedBytes: " bytes more than planned"
    }
  }
}
