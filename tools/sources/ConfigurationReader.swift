/// Takes values out of a configuration file, and keeps book of the keys: whatever nobody took is an error.
package struct ConfigurationReader {
  /// The file, for messages.
  package let file: String
  private let object: JSONObject
  private var seen: Set<String> = []

  /// Reads the object of a file.
  package init(_ file: JSONFile) {
    self.file = file.path
    self.object = file.object
  }

  /// The value of a key; JSON's null counts as absent, as it does for transformers.
  package mutating func value(_ key: String) -> StrictJSON? {
    seen.insert(key)
    return object[key].flatMap { $0 == .null ? nil : $0 }
  }

  package mutating func integer(_ key: String, within range: ClosedRange<Int>) throws(SourceError) -> Int? {
    guard let value = value(key) else { return nil }
    guard let integer = value.wholeNumber else {
      throw error(.kind(key: key, value: value.excerpt, expected: "a whole number"))
    }
    guard range.contains(integer) else {
      throw error(.range(key: key, value: integer, allowed: range))
    }
    return integer
  }

  /// A number within a range, whole or not.
  package mutating func number(_ key: String, within range: ClosedRange<Double>) throws(SourceError)
    -> Double?
  {
    guard let value = value(key) else { return nil }
    let number: Double? =
      switch value {
      case .integer(let value): Double(value)
      case .number(let value): value
      default: nil
      }
    guard let number else { throw error(.kind(key: key, value: value.excerpt, expected: "a number")) }
    guard range.contains(number) else {
      throw error(
        .unsupported(
          key: key, value: value.excerpt, supported: "\(range.lowerBound) to \(range.upperBound)"))
    }
    return number
  }

  package mutating func requiredInteger(
    _ key: String, within range: ClosedRange<Int>
  ) throws(SourceError) -> Int {
    guard let value = try integer(key, within: range) else { throw error(.missing(key: key)) }
    return value
  }

  package mutating func bool(_ key: String, default missing: Bool) throws(SourceError) -> Bool {
    switch value(key) {
    case nil: return missing
    case .bool(let value): return value
    case let value?: throw error(.kind(key: key, value: value.excerpt, expected: "true or false"))
    }
  }

  package mutating func text(_ key: String) throws(SourceError) -> String? {
    switch value(key) {
    case nil: return nil
    case .string(let value): return value
    case let value?: throw error(.kind(key: key, value: value.excerpt, expected: "text"))
    }
  }

  /// An id, or a list of one id.
  package mutating func token(_ key: String, vocabulary: Int) throws(SourceError) -> Int? {
    guard let value = value(key) else { return nil }
    if case .array(let values) = value {
      guard values.count == 1, let id = values[0].wholeNumber else {
        throw error(.unsupported(key: key, value: value.excerpt, supported: "one id"))
      }
      return try checked(id, key: key, vocabulary: vocabulary)
    }
    guard let id = value.wholeNumber else {
      throw error(.kind(key: key, value: value.excerpt, expected: "a token id"))
    }
    return try checked(id, key: key, vocabulary: vocabulary)
  }

  /// Lists of ids, each of which must have one id: `[[59513]]`; or a plain list of ids: `[59513]`.
  package mutating func tokens(_ key: String, nested: Bool, vocabulary: Int) throws(SourceError) -> [Int] {
    guard let value = value(key) else { return [] }
    guard case .array(let values) = value else {
      throw error(.kind(key: key, value: value.excerpt, expected: "a list"))
    }
    var ids: [Int] = []
    for element in values {
      var element = element
      if nested {
        guard case .array(let word) = element, word.count == 1 else {
          throw error(.unsupported(key: key, value: value.excerpt, supported: "words of one token each"))
        }
        element = word[0]
      }
      guard let id = element.wholeNumber else {
        throw error(.kind(key: key, value: value.excerpt, expected: "a list of token ids"))
      }
      ids.append(try checked(id, key: key, vocabulary: vocabulary))
    }
    return ids
  }

  private func checked(_ id: Int, key: String, vocabulary: Int) throws(SourceError) -> Int {
    guard (0..<vocabulary).contains(id) else {
      throw error(.range(key: key, value: id, allowed: 0...vocabulary - 1))
    }
    return id
  }

  /// Checks every key that nobody took: it must be harmless, or have the one value that changes nothing.
  package func checkRemaining(_ table: ConfigurationKeys) throws(SourceError) {
    for member in object.members where !seen.contains(member.key) {
      if member.key.hasPrefix("_") || table.harmless.contains(member.key) || member.value == .null {
        continue
      }
      guard let neutral = table.neutral[member.key] else {
        throw error(.unknown(key: member.key, value: member.value.excerpt))
      }
      guard neutral.contains(where: { $0.matches(member.value) }) else {
        let supported = neutral.map(\.excerpt).joined(separator: ", ")
        throw error(.unsupported(key: member.key, value: member.value.excerpt, supported: supported))
      }
    }
  }

  package func error(_ problem: ConfigurationError.Problem) -> SourceError {
    .configuration(ConfigurationError(file: file, problem: problem))
  }
}

extension StrictJSON {
  /// Equal, where 1 and 1.0 are the same number.
  package func matches(_ other: StrictJSON) -> Bool {
    if case .integer(let left) = self, case .number(let right) = other { return Double(left) == right }
    if case .number(let left) = self, case .integer(let right) = other { return left == Double(right) }
    return self == other
  }
}
