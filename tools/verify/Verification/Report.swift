import SwiftletMetrics
import SwiftletModelFile

/// What int8 cost on a text.
public struct Report: Codable, Sendable {
  /// What is compared.
  public enum Kind: String, Codable, Sendable {
    /// Translations: distributions over the target's vocabulary.
    case translations
    /// Texts: distributions over the vocabulary at each place.
    case texts
    /// Vectors of texts or tokens.
    case vectors
    /// Classes of texts or tokens.
    case classes
  }

  /// The states after a layer.
  public struct Layer: Codable, Sendable {
    /// Its stack and number.
    public let name: String
    /// How near the model's states are to the reference's.
    public internal(set) var similarity = Similarity()
  }

  /// A place in the text.
  public struct Place: Codable, Sendable {
    /// The line, from 1.
    public var line = 0
    /// The token in it, from 1.
    public var token = 0
    /// The line's text.
    public var text = ""
  }

  /// What is compared.
  public let kind: Kind
  /// Lines that were verified.
  public internal(set) var sentences = 0
  /// Lines that were not: empty, or longer than the model's limits.
  public internal(set) var skipped = 0
  /// Distributions that were compared: of target tokens, teacher-forced on the float reference's greedy output; of a
  /// text's tokens; of classes.
  public internal(set) var tokens = 0
  /// The Kullback-Leibler divergence of each token's distribution, in nats.
  public internal(set) var divergence = Distribution()
  /// Where it is worst.
  public internal(set) var worst = Place()
  /// |ln Q − ln P| of each token.
  public internal(set) var logProbabilityError = Distribution()
  /// |Q − P| of each token.
  public internal(set) var probabilityError = Distribution()
  /// Tokens where both have the same likeliest one.
  public internal(set) var sameTop = 0
  /// Lines whose greedy translations are the same tokens.
  public internal(set) var identical = 0
  /// Of the text's tokens; of translations, of the first reference's tokens, or of the float model's output where there
  /// are no references.
  public internal(set) var perplexity = PerplexityRatio()
  /// Both models' translations against references, where there are some.
  public internal(set) var translations = TranslationScores()
  /// How far the reference's confidence can be trusted, on a text or on references.
  public internal(set) var referenceReliability = Reliability()
  /// How far the model's can be.
  public internal(set) var reliability = Reliability()
  /// The cosine of each of an encoder's vectors with the reference's.
  public internal(set) var cosine = Distribution()
  /// The vectors whose cosine is smallest, the smallest first.
  public internal(set) var farthest: [FarVector] = []
  /// Pairs of texts, as the vectors of both models compare them.
  public internal(set) var pairs = Pairs()
  /// The lines with the worst tokens, the worst first.
  public internal(set) var worstLines: [WorstLine] = []
  /// The encoder's layers, then the decoder's.
  public internal(set) var layers: [Layer]
  let encoderLayers: Int
  let width: Int

  /// A report of nothing yet.
  init(_ architecture: Architecture) {
    encoderLayers = architecture.encoderLayers
    width = architecture.width
    layers =
      (0..<architecture.encoderLayers).map { Layer(name: "encoder layer \($0)") }
      + (0..<architecture.decoderLayers).map { Layer(name: "decoder layer \($0)") }
    kind =
      architecture.hasCrossAttention
      ? .translations
      : architecture.decoderLayers > 0 || architecture.head.predictsTokens
        ? .texts : architecture.head.classes > 0 ? .classes : .vectors
  }

  /// Tokens with the same likeliest one, in %.
  public var sameTopPercent: Double { 100 * Double(sameTop) / Double(tokens) }
  /// Lines with identical greedy translations, in %.
  public var identicalPercent: Double { 100 * Double(identical) / Double(sentences) }
}

/// Two models' translations against the same references.
public struct TranslationScores: Codable, Sendable {
  /// Lines that have references.
  public internal(set) var lines = 0
  /// The float reference's BLEU.
  public internal(set) var referenceBLEU = BLEU()
  /// The model's BLEU.
  public internal(set) var bleu = BLEU()
  /// The float reference's chrF2.
  public internal(set) var referenceChrF = ChrF()
  /// The model's chrF2.
  public internal(set) var chrF = ChrF()

  mutating func add(_ reference: String, _ model: String, _ references: [String]) {
    lines += 1
    referenceBLEU.add(reference, references)
    bleu.add(model, references)
    referenceChrF.add(reference, references)
    chrF.add(model, references)
  }
}

/// A vector that is far from the reference's.
public struct FarVector: Codable, Sendable {
  /// Where: of a text's vector, the token is 0.
  public let place: Report.Place
  /// Its cosine with the reference's.
  public let cosine: Double
}

/// The cosines of pairs of texts.
public struct Pairs: Codable, Sendable {
  /// By the reference's vectors.
  public internal(set) var reference: [Double] = []
  /// By the model's.
  public internal(set) var model: [Double] = []
  /// The vectors of the line before, which a line without a second text is compared with.
  var before: (reference: [Float], model: [Float])? {
    get { beforeReference.isEmpty ? nil : (beforeReference, beforeModel) }
    set { (beforeReference, beforeModel) = newValue ?? ([], []) }
  }
  private var beforeReference: [Float] = []
  private var beforeModel: [Float] = []

  /// Spearman's correlation of both: 1 where they rank all pairs alike.
  public var rankCorrelation: Double { Correlation.spearman(reference, model) }
}

/// A line, and its worst token.
public struct WorstLine: Codable, Sendable {
  /// A token that a model takes for the likeliest.
  public struct Guess: Codable, Sendable {
    /// Its text, as the vocabulary has it.
    public let piece: String
    /// Its probability.
    public let probability: Double
  }

  /// Where.
  public let place: Report.Place
  /// The divergence there.
  public let divergence: Double
  /// The token that is there.
  public let piece: String
  /// What the reference expects there.
  public let reference: Guess
  /// What the model does.
  public let model: Guess
  /// The reference's translation.
  public let referenceText: String?
  /// The model's translation.
  public let modelText: String?
}
