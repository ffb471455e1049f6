public import SwiftletPlatform

/// What can go wrong with a tokenizer section, a text or token ids. Every case carries its numbers.
///
/// Offsets are in bytes from the start of the section or of the text.
public enum TokenizerError: Error, Equatable, Sendable, Describable {
  /// The section has `bytes` bytes and needs `needed`.
  case sectionTooShort(bytes: Int, needed: Int)
  /// The section starts at an address that is no multiple of 8.
  case misaligned
  /// The section starts with `found`, which is not this tokenizer's mark.
  case wrongMagic(found: UInt32)
  /// The section was made by layout `found`; this program reads `supported`.
  case unsupportedLayout(found: UInt16, supported: UInt16)
  /// The section asks for something that this program doesn't know: the bits that are unknown.
  case unknownFlags(UInt16)
  /// The number at byte `at` of the section is `value`, which is out of range.
  case valueOutOfRange(value: UInt32, at: Int)
  /// A table lies outside the section of `section` bytes, or has the wrong size or alignment.
  case badTable(offset: UInt32, bytes: UInt32, section: Int, SectionTable)
  /// The text of entry `entry`, expected at byte `at` of the section, is not where the index says or has no end.
  case badText(entry: Int, at: Int)
  /// The score of entry `entry` at byte `at` of the section is NaN or infinite.
  case badScore(entry: Int, at: Int)
  /// The template has `items` items; at most `limit` are read.
  case templateTooLong(items: Int, limit: Int)
  /// The normalised text has `bytes` bytes; the scratch has room for `capacity`.
  case normalizedTooLong(bytes: Int, capacity: Int)
  /// The lattice needs `nodes` nodes; the scratch has room for `capacity`.
  case latticeTooShort(nodes: Int, capacity: Int)
  /// The text makes `count` tokens; there is room for `capacity`.
  case tooManyIDs(count: Int, capacity: Int)
  /// The token id at `position` is `id`; the vocabulary has `vocabulary` entries.
  case idOutOfRange(id: UInt32, position: Int, vocabulary: Int)
  /// The decoded text has `bytes` bytes or more; there is room for `capacity`.
  case decodedTooLong(bytes: Int, capacity: Int)

  /// Says what is wrong, and the numbers.
  public func describe<Sink: ByteSink & ~Copyable>(to sink: inout Sink) {
    switch self {
    case .sectionTooShort, .misaligned, .wrongMagic, .unsupportedLayout, .unknownFlags, .valueOutOfRange,
      .badTable, .badText, .badScore, .templateTooLong:
      describeSection(to: &sink)
    case .normalizedTooLong(let bytes, let capacity):
      say("the normalised text needs ", bytes, " bytes; there is room for ", capacity, to: &sink)
    case .latticeTooShort(let nodes, let capacity):
      say("the tokenizer's lattice needs ", nodes, " nodes; there is room for ", capacity, to: &sink)
    case .tooManyIDs(let count, let capacity):
      say("the text makes ", count, " tokens; there is room for ", capacity, to: &sink)
    case .idOutOfRange(let id, let position, let vocabulary):
      say("token ", position, " has id ", Int(truncatingIfNeeded: id), to: &sink)
      say("; the vocabulary has ", vocabulary, " entries", to: &sink)
    case .decodedTooLong(let bytes, let capacity):
      say("the decoded text needs at least ", bytes, " bytes; there is room for ", capacity, to: &sink)
    }
  }

  private func describeSection<Sink: ByteSink & ~Copyable>(to sink: inout Sink) {
    switch self {
    case .sectionTooShort(let bytes, let needed):
      say("the tokenizer section has ", bytes, " bytes and needs ", needed, to: &sink)
    case .misaligned:
      sink.write("the tokenizer section doesn't start at a multiple of 8 bytes")
    case .wrongMagic(let found):
      sink.write("not a Unigram tokenizer section: it starts with 0x")
      sink.write(hexadecimal: UInt64(found), digits: 8)
    case .unsupportedLayout(let found, let supported):
      say("the tokenizer section has layout ", Int(found), to: &sink)
      say("; this program reads layout ", Int(supported), to: &sink)
    case .unknownFlags(let flags):
      sink.write("the tokenizer section sets unknown flags 0x")
      sink.write(hexadecimal: UInt64(flags), digits: 4)
    case .valueOutOfRange(let value, let offset):
      say("the number at byte ", offset, " of the tokenizer section is out of range: ", to: &sink)
      sink.write(value)
    case .badTable(let offset, let bytes, let section, let table):
      sink.write("tokenizer table '")
      sink.write(table.name)
      sink.write("' is misplaced: offset ")
      sink.write(offset)
      sink.write(", bytes ")
      sink.write(bytes)
      say(", in a section of ", section, " bytes", to: &sink)
    case .badText(let entry, let offset):
      say("the text of tokenizer entry ", entry, " is broken, at byte ", offset, to: &sink)
      sink.write(" of the section")
    case .badScore(let entry, let offset):
      say("the score of tokenizer entry ", entry, " is not finite, at byte ", offset, to: &sink)
      sink.write(" of the section")
    case .templateTooLong(let items, let limit):
      say("the tokenizer's template has ", items, " items; at most ", limit, to: &sink)
      sink.write(" are read")
    default:
      break
    }
  }
}

private func say<Sink: ByteSink & ~Copyable>(
  _ before: StaticText, _ number: Int, _ after: StaticText = "", to sink: inout Sink
) {
  sink.write(before)
  sink.write(number)
  sink.write(after)
}

private func say<Sink: ByteSink & ~Copyable>(
  _ before: StaticText, _ first: Int, _ between: StaticText, _ second: Int, _ after: StaticText = "",
  to sink: inout Sink
) {
  say(before, first, between, to: &sink)
  sink.write(second)
  sink.write(after)
}
