extension FamilyGolden {
  /// A vocabulary of word pieces that has as many tokens as these models: `[CLS] a b c [SEP]` are 2, 5, 6, 7, 3.
  package static let tokens =
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    + "abcdefghijklmnopqrstuvwxyz".map { String($0) } + "abcdefghi".map { "##\($0)" }

  /// Writes the model's directory, and `vocab.txt`.
  package func writeWithText(to directory: TemporaryDirectory) throws {
    try write(to: directory)
    try directory.write(Self.tokens.joined(separator: "\n"), to: "vocab.txt")
  }

  /// The names of those whose tokenizer can be that vocabulary: Marian's is made of other files.
  package static let namesWithText = names.filter { $0 != "marian" }
}
