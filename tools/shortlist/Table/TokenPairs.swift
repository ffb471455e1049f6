import Swiftlet
import SwiftletModelFile

/// The tokens of sources and targets, all in one row.
package struct TokenPairs: ~Copyable {
  /// How many source and target tokens there are.
  let (sourceVocabulary, targetVocabulary): (Int, Int)
  /// The tokens, and where those of each pair end: first the source's, then the target's.
  private(set) var tokens: [UInt32] = []
  private(set) var ends: [(source: Int, target: Int)] = []
  /// How many lines could not be used.
  package private(set) var skipped = 0
  private var tools: Tools

  /// What needs a model.
  private struct Tools: ~Copyable {
    var source: TextTokenizer
    var target: TextTokenizer
    var translator: Translator

    init(_ path: String) throws(SwiftletError) {
      let source = unsafe try TextTokenizer(try openModelFile(path))
      let target = unsafe try TextTokenizer(try openModelFile(path), target: true)
      translator = unsafe try Translator(path: path)
      self.source = source
      self.target = target
    }
  }

  package var count: Int { ends.count }

  package init(model path: String) throws(SwiftletError) {
    let architecture = unsafe try openModelFile(path).architecture
    guard architecture.task == .translation else { throw .otherTask(architecture.task) }
    let tools = try Tools(path)
    (sourceVocabulary, targetVocabulary) = (architecture.sourceVocabulary, architecture.targetVocabulary)
    self.tools = tools
  }

  /// Adds a line's pair. A line whose texts are too long, or empty, is skipped.
  package mutating func add(_ line: Substring) throws {
    let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
    let start = tokens.count
    do throws(SwiftletError) {
      let source = Array(parts[0].utf8)
      if parts.count > 1 {
        try tools.source.encode(source.span)
        Self.append(tools.source.ids, to: &tokens)
        let end = tokens.count
        let target = Array(parts[1].utf8)
        try tools.target.encode(target.span)
        Self.append(tools.target.ids, to: &tokens)
        finish(start, end)
      } else {
        try tools.translator.translate(source.span)
        Self.append(tools.translator.sourceIDs, to: &tokens)
        let end = tokens.count
        Self.append(tools.translator.ids, to: &tokens)
        finish(start, end)
      }
    } catch {
      tokens.removeSubrange(start...)
      skipped += 1
    }
  }

  private static func append(_ ids: Span<UInt32>, to tokens: inout [UInt32]) {
    for index in ids.indices { tokens.append(ids[index]) }
  }

  private mutating func finish(_ start: Int, _ end: Int) {
    guard end > start, tokens.count > end else {
      tokens.removeSubrange(start...)
      skipped += 1
      return
    }
    ends.append((end, tokens.count))
  }
}
