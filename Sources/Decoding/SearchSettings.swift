/// How tokens are chosen. As they are made, settings ask for the likeliest token at each step.
public struct SearchSettings: Sendable {
  /// How many hypotheses a beam search keeps of a sentence; 1 is no beam search.
  public var beams = 1
  /// How many hypotheses of a sentence are kept to be shown.
  public var nBest = 1
  /// A hypothesis' score is its log-probability over its length to this power (transformers, CTranslate2).
  public var lengthPenalty: Float = 1
  /// What a hypothesis' score gains: this times Σ ln min(1, attention to a source token) (CTranslate2's
  /// `coverage_penalty`, over the mean of the heads of the last layer); 0 is none. Only with beams.
  public var coveragePenalty: Float = 0
  /// How many hypotheses a search finishes, as a multiple of its beams (Kasai et al. 2022, CTranslate2's `patience`).
  public var patience: Float = 1
  /// When a beam search stops.
  public var earlyStopping = EarlyStopping.heuristic
  /// How tokens are drawn; nil where the likeliest is chosen.
  public var sampling: SamplingSettings?
  /// What repeats tokens is made less likely: the logits of tokens that were read are divided by it where they are
  /// positive, else multiplied (Keskar et al. 2019, transformers' `repetition_penalty`); 1 is none.
  public var repetitionPenalty: Float = 1
  /// What is taken from the logits of tokens that were chosen before, once (OpenAI's `presence_penalty`).
  public var presencePenalty: Float = 0
  /// What is taken from the logits of tokens for each time that they were chosen (OpenAI's `frequency_penalty`).
  public var frequencyPenalty: Float = 0
  /// No sequence of so many tokens comes twice; 0 allows all (transformers' `no_repeat_ngram_size`).
  public var noRepeatNGram = 0
  /// How many tokens are chosen before a sentence may end (transformers' `min_new_tokens`).
  public var minimumTokens = 0
  /// The most tokens of a target: those that are forced, those that are chosen, and the end token.
  public var maximumTokens = Int.max
  /// The token that is chosen first, if one is forced (transformers' `forced_bos_token_id`).
  public var firstToken: Int?
  /// Whether the last token that fits is the end token, whatever the model says (`forced_eos_token_id`).
  public var forcesEnd = false
  /// How many tokens are guessed at each step of a sentence that is decoded alone, to be read together with the last one:
  /// those that turn out right take no step of their own. The results are the same; see `Drafts`. Not with beams.
  public var drafts = 0
  /// The most of them.
  public static let mostDrafts = 7

  /// Greedy settings.
  public init() {}

  /// When a beam search ends, as in transformers' `early_stopping`.
  public enum EarlyStopping: Int, Sendable {
    /// When the best of the running hypotheses, were it to end now, would not be among the finished ones (`False`).
    case heuristic = 0
    /// As soon as enough hypotheses are finished (`True`).
    case whenFull = 1
    /// When no running hypothesis can get better than the finished ones, if its next tokens were certain (`"never"`).
    case never = 2
  }

  /// How many finished hypotheses a search keeps: its beams times the patience.
  public var finishedHypotheses: Int {
    guard beams > 1 else { return 1 }
    return max(1, Int(Float(beams) * patience + 0.5))
  }

  /// Whether the penalties need counts of tokens.
  var countsTokens: Bool { repetitionPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0 }

  /// Whether logits are changed before a token is chosen, other than by what is suppressed.
  var changesLogits: Bool {
    sampling != nil || countsTokens || noRepeatNGram > 0 || minimumTokens > 0 || firstToken != nil
      || forcesEnd
  }
}

/// How a token is drawn.
public struct SamplingSettings: Sendable {
  /// Logits are divided by it: below 1 likely tokens become likelier.
  public var temperature: Float = 1
  /// Only the so many likeliest tokens; 0 is all.
  public var topK = 0
  /// Only the likeliest tokens that together have this probability (Holtzman et al. 2020); 1 is all.
  public var topP: Float = 1
  /// Only tokens that have at least this part of the likeliest one's probability (Nguyen et al. 2024); 0 is all.
  public var minP: Float = 0
  /// Only the tokens whose information is nearest to the expected, of this probability (Meister et al. 2023); 1 is all.
  public var typicalP: Float = 1
  /// What the draws depend on.
  public var seed: UInt64 = 0

  /// All tokens by their probabilities.
  public init() {}
}
