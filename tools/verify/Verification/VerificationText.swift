import Foundation
import SwiftletModelFile

/// The lines that models are compared on.
public struct VerificationText: Sendable {
  /// One line.
  public struct Line: Sendable {
    /// What is translated or read: up to the first tab.
    public let text: String
    /// What stands behind it, between tabs: translations, or a second text of a pair.
    public var others: [String]
  }

  /// In the order of the file.
  public private(set) var lines: [Line]
  /// Where they come from.
  public let path: String
  /// The XXH64 of all lines that are compared, with what stands behind them.
  public let checksum: UInt64

  /// Lines without anything behind them.
  public init(_ lines: [String]) { self.init(lines.map { Line(text: $0, others: []) }, path: "") }

  /// Reads a file of lines.
  ///
  /// - Parameters:
  ///   - references: A file with as many lines: translations between tabs, or the text and then its translations.
  ///   - limit: How many lines to take.
  /// - Throws: `VerificationError` for a file that can't be read or is not UTF-8, and for other counts of lines.
  public init(path: String, references: String? = nil, limit: Int = .max) throws(VerificationError) {
    var lines = try Self.columns(of: path).prefix(limit).map {
      Line(text: $0[0], others: Array($0.dropFirst()))
    }
    if let references {
      let columns = try Self.columns(of: references)
      guard columns.count >= lines.count, limit < .max || columns.count == lines.count else {
        throw .references(path: references, lines: columns.count, text: lines.count)
      }
      let hasSources = zip(columns, lines).allSatisfy { $0.count > 1 && $0[0] == $1.text }
      for index in lines.indices {
        lines[index].others = hasSources ? Array(columns[index].dropFirst()) : columns[index]
      }
    }
    self.init(lines, path: path)
  }

  private init(_ lines: [Line], path: String) {
    var hash = XXH64()
    var lines = lines
    for index in lines.indices {
      lines[index].others.removeAll(where: \.isEmpty)
      let bytes = Array(([lines[index].text] + lines[index].others).joined(separator: "\t").utf8) + [0x0A]
      unsafe bytes.withUnsafeBytes { unsafe hash.update($0) }
    }
    self.lines = lines
    self.path = path
    checksum = hash.value
  }

  /// The columns of each line. Lines end with a line feed, or a carriage return and a line feed.
  private static func columns(of path: String) throws(VerificationError) -> [[String]] {
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      throw .text(path: path, reason: error.localizedDescription)
    }
    var lines = data.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    var result: [[String]] = []
    for (index, bytes) in lines.enumerated() {
      let line = bytes.last == 0x0D ? bytes.dropLast() : bytes
      guard let text = String(validating: line, as: UTF8.self) else {
        throw .text(path: path, reason: "line \(index + 1) is not UTF-8")
      }
      result.append(text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init))
    }
    return result
  }
}
