import Foundation
import SwiftletVerification

/// A page with everything that was found: one file without scripts that loads nothing.
public func htmlReport(
  _ findings: [(Findings, Verdict)], source: String, text: VerificationText, limits: VerdictLimits
) -> String {
  let names = findings.map { URL(fileURLWithPath: $0.0.path).lastPathComponent }
  let title = "Accuracy of " + names.joined(separator: ", ")
  let lead =
    "int8 against the float model in \(source), on \(URL(fileURLWithPath: text.path).lastPathComponent): \(findings[0].0.report.headline)."
  var body = element(
    "header", [:],
    element("h1", [:], escaped(title)) + element("p", ["class": "lead"], escaped(lead)))
  var content = ""
  if findings.count > 1 { content += comparison(findings) }
  for (index, (model, verdict)) in findings.enumerated() {
    if findings.count > 1 { content += element("h2", [:], escaped(names[index])) }
    content += verdictCard(model, verdict) + figures(model)
    content += findings.count > 1 ? "" : element("h2", [:], "Where the error is")
    content += ModelSections(findings: model, verdict: verdict, limits: limits, prefix: "m\(index + 1)").html
  }
  body += element("main", [:], content)
  body += element(
    "footer", [:],
    paragraph(
      "Made by swiftlet-verify. The float reference reads the source itself and shares no arithmetic with the int8 model."
    ))
  return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="data:,">
    <title>\(escaped(title))</title>
    <style>
    \(style)
    </style>
    </head>
    <body>
    \(body)
    </body>
    </html>

    """
}

/// All models side by side.
private func comparison(_ findings: [(Findings, Verdict)]) -> String {
  let rows = comparisonTable(findings)
  return section(
    "comparison", "Side by side",
    table("Models compared with one float model", rows[0], Array(rows.dropFirst())))
}
