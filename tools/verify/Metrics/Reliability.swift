/// How far a model's confidence can be trusted: the likeliest token's probability, against how often it is right.
///
/// (A reliability diagram: DeGroot and Fienberg, 1983; its mean distance from the diagonal is the expected calibration
/// error, Naeini and others, 2015.)
public struct Reliability: Codable, Equatable, Sendable {
  /// Those whose confidence lies between two bounds.
  public struct Bin: Codable, Equatable, Sendable {
    /// How many there are.
    public var count = 0
    /// The sum of their confidences.
    public var confidence = 0.0
    /// How many are right.
    public var correct = 0

    /// Their mean confidence.
    public var meanConfidence: Double { confidence / Double(count) }
    /// The part of them that is right.
    public var accuracy: Double { Double(correct) / Double(count) }
  }

  /// Tenths, from 0 to 1.
  public private(set) var bins = [Bin](repeating: Bin(), count: 10)

  /// Of no tokens yet.
  public init() {}

  /// Adds a prediction.
  public mutating func add(confidence: Double, isRight: Bool) {
    let index = min(9, max(0, Int(confidence * 10)))
    bins[index].count += 1
    bins[index].confidence += confidence
    if isRight { bins[index].correct += 1 }
  }

  /// How many predictions there are.
  public var count: Int { bins.reduce(0) { $0 + $1.count } }
  /// The part of all that is right.
  public var accuracy: Double { Double(bins.reduce(0) { $0 + $1.correct }) / Double(count) }
  /// The mean of |accuracy − confidence| over bins, each weighing as much as it has tokens.
  public var expectedError: Double {
    bins.reduce(0) { $0 + ($1.count > 0 ? abs(Double($1.correct) - $1.confidence) : 0) } / Double(count)
  }
}
