import SwiftletVerification

/// The arena's map: which bytes each part has in each phase of a run. Parts side by side use the same bytes by turns.
struct MemoryChart {
  let facts: ModelFacts

  func svg(_ id: String) -> String {
    var chart = Chart(height: 404)
    let (left, right, top, bottom) = (56.0, 359.0, 34.0, 380.0)
    let size = Double(max(1, facts.arenaBytes))
    let column = (right - left) / Double(ModelFacts.phases.count)
    func y(_ offset: Int) -> Double { top + Double(offset) / size * (bottom - top) }
    for step in roundSteps(0, size, count: 6) {
      chart.line((left, y(Int(step))), (right, y(Int(step))), "grid")
      chart.text(left - 5, y(Int(step)) + 4, bytes(Int(step)), .end, "small")
    }
    for (index, phase) in ModelFacts.phases.enumerated() {
      let words = phase.split(separator: " ")
      let lines = words.count > 1 ? ["\(words[0]) to", "\(words[words.count - 1])"] : [phase]
      for (row, line) in lines.enumerated() {
        chart.text(
          left + (Double(index) + 0.5) * column, top - 20 + 13 * Double(row + 2 - lines.count), line, .middle,
          "small")
      }
      chart.line((left + Double(index) * column, top), (left + Double(index) * column, bottom), "grid")
    }
    for (index, part) in facts.parts.enumerated() {
      for run in runs(part.phases) {
        let x = left + Double(run.lowerBound) * column
        let width = Double(run.count) * column
        let height = y(part.offset + part.bytes) - y(part.offset)
        chart.box(
          x: x + 0.5, y: y(part.offset), width: width - 1, height: max(0.6, height - 0.6),
          "part part\(index % 6)",
          hint: "\(part.name): \(grouped(part.bytes)) bytes at \(grouped(part.offset))")
        let lines = Self.lines(of: part.name, width: width - 6, most: Int(height / 12))
        for (row, line) in lines.enumerated() {
          let middle = y(part.offset) + height / 2 + 3.5
          chart.text(
            x + width / 2, middle + 12 * (Double(row) - Double(lines.count - 1) / 2), line, .middle,
            "part-name")
        }
      }
    }
    chart.text((left + right) / 2, bottom + 17, "time: the phases of one run", .middle)
    let total = facts.parts.reduce(0) { $0 + $1.bytes }
    return chart.svg(
      id, title: "The arena's memory map",
      description:
        "Where each of \(facts.parts.count) parts lies in the arena of \(grouped(facts.arenaBytes)) bytes, in each phase of a run. All parts together have \(grouped(total)) bytes; parts that are never in use together share \(grouped(max(0, total - facts.arenaBytes)))."
    )
  }

  /// A name in so many lines at most, cut where it is too long for them.
  private static func lines(of name: String, width: Double, most: Int) -> [String] {
    let width = width / 0.9  // in letters of the usual size
    var lines: [String] = []
    for word in name.split(separator: " ") where most > 0 {
      let longer = lines.last.map { "\($0) \(word)" } ?? String(word)
      if lines.isEmpty || (lines.count < most && Double(longer.count) * Chart.letter > width) {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] = longer
      }
    }
    return lines.map { Chart.fitting($0, width: width) }
  }

  /// Phases that follow each other.
  private func runs(_ phases: [Bool]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for (index, isUsed) in phases.enumerated() where isUsed {
      if let last = runs.last, last.upperBound == index {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    return runs
  }

  var table: String {
    SwiftletReport.table(
      "Parts of the arena, by place", ["part", "offset", "bytes"] + ModelFacts.phases,
      facts.parts.sorted { ($0.offset, $0.name) < ($1.offset, $1.name) }.map { part in
        [part.name, grouped(part.offset), grouped(part.bytes)] + part.phases.map { $0 ? "in use" : "" }
      }, texts: [3, 4, 5, 6])
  }
}
