/// What a verdict asks for. The defaults are what int8 usually keeps with room to spare: more is a sign of an error, not
/// of rounding.
public struct VerdictLimits: Sendable {
  /// The largest mean Kullback-Leibler divergence, in nats.
  public var divergence = 0.01
  /// The smallest part of tokens with the same likeliest one, in %.
  public var sameTop = 95.0
  /// The smallest mean cosine of an encoder's vectors.
  public var cosine = 0.99
  /// The smallest rank correlation of pairs.
  public var rankCorrelation = 0.99
  /// How much larger the perplexity may be: the largest ratio, less its standard error twice.
  public var perplexityRatio = 1.02
  /// How many points of BLEU may be lost; with fewer than 100 lines, only where it was asked for.
  public var bleuLoss = 1.0
  /// Whether the loss of BLEU is judged on few lines, too.
  public var judgesFewLines = false
  /// The smallest cosine of the states after any layer.
  public var layerCosine = 0.99
  /// How far a tensor's gain may be from 1.
  public var gain = 0.002
  /// How much more error a tensor's outputs may have than rounding makes, in dB.
  public var excess = 3.0

  /// The defaults.
  public init() {}
}
