import SwiftletVerification

/// The lines with the worst tokens: what both models made of each.
func worstLines(_ lines: [WorstLine]) -> String {
  let items = lines.map { line -> String in
    var rows = [("source", escaped(line.place.text))]
    if let float = line.referenceText, let int8 = line.modelText {
      let (left, right) = markedDifference(float, int8)
      rows += [
        ("float", left), ("int8", float == int8 ? right + " " + element("small", [:], "(the same)") : right),
      ]
    }
    let there =
      line.piece == line.reference.piece
      ? "At token \(line.place.token)" : "At token \(line.place.token), where the text has “\(line.piece)”,"
    rows.append(
      (
        "token",
        escaped(
          "\(there) the float model expects “\(line.reference.piece)” (\(percent(line.reference.probability))), int8 “\(line.model.piece)” (\(percent(line.model.probability)))."
        )
      ))
    let list = rows.map { element("dt", [:], $0.0) + element("dd", [:], $0.1) }.joined()
    return element(
      "li", [:],
      element(
        "p", ["class": "place"],
        escaped("Line \(line.place.line): KL divergence \(scientific(line.divergence))"))
        + element("dl", [:], list))
  }
  return element("ol", ["class": "lines"], items.joined(separator: "\n"))
}

private func percent(_ probability: Double) -> String { "\(fixed(100 * probability, 1)) %" }
