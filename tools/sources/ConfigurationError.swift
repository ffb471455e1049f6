/// A configuration that can't be followed to the letter.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong. Values are shown as they stand in the file.
  public enum Problem: Equatable, Sendable {
    /// A key that has no default is not there.
    case missing(key: String)
    /// The value is not of the kind that the key needs.
    case kind(key: String, value: String, expected: String)
    /// The number is outside of what makes sense.
    case range(key: String, value: Int, allowed: ClosedRange<Int>)
    /// The value is understood, but nothing here would honour it.
    case unsupported(key: String, value: String, supported: String)
    /// The key is not known, so ignoring it might change the result.
    case unknown(key: String, value: String)
    /// Two values contradict each other.
    case contradiction(key: String, value: String, other: String, otherValue: String)
  }

  /// The file's name, with its directory as it was given.
  public let file: String
  /// What is wrong.
  public let problem: Problem

  /// An error about a configuration file.
  public init(file: String, problem: Problem) {
    self.file = file
    self.problem = problem
  }

  /// One line: the file, the key, the value.
  public var description: String { "\(file): \(reason)".oneLine }

  private var reason: String {
    switch problem {
    case .missing(let key): "\(key) is missing"
    case .kind(let key, let value, let expected): "\(key) \(value) is not \(expected)"
    case .range(let key, let value, let allowed):
      "\(key) \(value) is not within \(allowed.lowerBound) to \(allowed.upperBound)"
    case .unsupported(let key, let value, let supported):
      "\(key) \(value) is not supported (only \(supported))"
    case .unknown(let key, let value): "\(key) \(value) is not known, and might change the result"
    case .contradiction(let key, let value, let other, let otherValue):
      "\(key) \(value) contradicts \(other) \(otherValue)"
    }
  }
}
