/// A tensor can't be used as what it is needed for.
public struct TensorError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Problem: Equatable, Sendable {
    /// It isn't there. The names are those under which it may stand.
    case missing(alternatives: [String])
    /// Its shape is not the one that the configuration implies.
    case shape(found: [Int], expected: [Int])
    /// No part of the model family has this name.
    case unexpected
    /// Its numbers are of a type that is not read.
    case type(ElementType)
    /// A NaN or an infinity: the index in row-major order.
    case notFinite(Float, index: Int)
    /// It is a row of numbers, but stored with steps between them, or as integers with scales.
    case notPlain
    /// Rows outside of the tensor were asked for.
    case rows(Range<Int>, count: Int)
    /// The memory for the result has another size than the rows.
    case capacity(given: Int, needed: Int)
    /// It should be a copy of another tensor, but is not.
    case differs(from: String, index: Int)
    /// It should hold sinusoids, but doesn't: learned positions are not supported.
    case notSinusoidal(index: Int, found: Float, expected: Float)
  }

  /// The file that holds the tensor, or should.
  public let file: String
  /// The tensor's name.
  public let tensor: String
  /// What is wrong.
  public let problem: Problem

  /// An error about a tensor.
  public init(file: String, tensor: String, problem: Problem) {
    self.file = file
    self.tensor = tensor
    self.problem = problem
  }

  /// One line: the file, the tensor, the numbers.
  public var description: String { "\(file): tensor \(tensor) \(reason)".oneLine }

  private var reason: String {
    switch problem {
    case .missing(let alternatives):
      alternatives.isEmpty ? "is missing" : "is missing (so is \(alternatives.joined(separator: ", so is ")))"
    case .shape(let found, let expected): "has shape \(found), config.json implies \(expected)"
    case .unexpected: "belongs to no part of the model that config.json describes"
    case .type(let type): "has dtype \(type.rawValue): only F32, F16, BF16 and F64 can be read"
    case .notFinite(let value, let index): "has \(value) at index \(index)"
    case .notPlain: "is a row of numbers, but stored with steps between them, or as integers with scales"
    case .rows(let rows, let count): "has \(count) rows: no rows \(rows.lowerBound) to \(rows.upperBound)"
    case .capacity(let given, let needed): "needs room for \(needed) numbers, got \(given)"
    case .differs(let other, let index):
      "differs from \(other) at index \(index), although config.json says that they are shared"
    case .notSinusoidal(let index, let found, let expected):
      "has \(found) at index \(index) where the sinusoid is \(expected): learned positions are not supported"
    }
  }
}
