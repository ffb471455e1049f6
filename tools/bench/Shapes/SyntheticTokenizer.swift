import SwiftletModelFile
import SwiftletSources

/// The tokenizer of synthetic models: a word is a token, `w3` has the id 3.
public enum SyntheticTokenizer {
  /// The id that ends a sentence.
  public static let end = 0
  /// The id that decoding starts from.
  public static let start = 2
  /// The first id that is a word's.
  public static let firstWord = 3

  /// A text that becomes these ids (words', see `firstWord`) and the end token.
  public static func text(_ ids: some Sequence<Int>) -> String {
    ids.map { "w\($0)" }.joined(separator: " ")
  }

  /// The pieces: one for each token of the vocabulary.
  static func model(_ architecture: Architecture) throws -> SentencePieceModel {
    var pieces: [SentencePieceModel.Piece] = [
      .init(text: "</s>", score: 0, kind: .control), .init(text: "<unk>", score: 0, kind: .unknown),
      .init(text: "<pad>", score: 0, kind: .control),
    ]
    for id in firstWord..<architecture.sourceVocabulary {
      pieces.append(.init(text: TokenText("\u{2581}w\(id)"), score: -10))
    }
    return try SentencePieceModel(pieces: pieces)
  }
}
