import Foundation

/// Sentences to calibrate with: the lines of a file, each up to a tab.
public struct CalibrationText: Sendable {
  /// The file.
  public let path: String
  /// Its lines; none is empty.
  public let lines: [String]

  /// Reads a file.
  ///
  /// - Throws: `CalibrationError` if it can't be read, is not UTF-8, or has no line with something in it.
  public init(path: String) throws(CalibrationError) {
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      throw .file(path: path, reason: error.localizedDescription)
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .notUTF8(path: path, line: Self.firstBrokenLine(of: data))
    }
    self.path = path
    // A carriage return and a line feed are one character.
    lines = text.split(whereSeparator: \.isNewline).map { String($0.prefix { $0 != "\t" }) }.filter {
      $0.contains { !$0.isWhitespace }
    }
    guard !lines.isEmpty else { throw .empty(path: path) }
  }

  private static func firstBrokenLine(of data: Data) -> Int {
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
  }
}

/// Why a text is of no use for calibration.
public enum CalibrationError: Error, Equatable, CustomStringConvertible {
  /// The system refused to read it.
  case file(path: String, reason: String)
  /// It is not UTF-8; the first line that isn't.
  case notUTF8(path: String, line: Int)
  /// It has no line with something in it.
  case empty(path: String)
  /// None of its lines becomes a sequence that the model reads.
  case nothingToRead(path: String, lines: Int, positions: Int)

  /// One line: which file, and what.
  public var description: String {
    switch self {
    case .file(let path, let reason): "calibration text \(path): \(reason)"
    case .notUTF8(let path, let line): "calibration text \(path): line \(line) is not UTF-8"
    case .empty(let path): "calibration text \(path): no line has anything in it"
    case .nothingToRead(let path, let lines, let positions):
      "calibration text \(path): none of its \(lines) lines has tokens of this model, at most \(positions)"
    }
  }
}
