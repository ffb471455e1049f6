import SwiftletVerification

/// JUnit's XML, as continuous integration reads it: a suite for each model, a test case for each limit.
public func junitReport(_ findings: [(Findings, Verdict)]) -> String {
  let checks = findings.flatMap(\.1.checks)
  var lines = [
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
    "<testsuites name=\"swiftlet-verify\" tests=\"\(checks.count)\" failures=\"\(checks.count { !$0.passes })\">",
  ]
  for (model, verdict) in findings {
    let name = escaped(model.path)
    lines.append(
      "  <testsuite name=\"\(name)\" tests=\"\(verdict.checks.count)\" failures=\"\(verdict.failures.count)\" errors=\"0\" skipped=\"0\">"
    )
    for check in verdict.checks {
      let title = "<testcase classname=\"\(name)\" name=\"\(escaped("\(check.name): \(check.title)"))\""
      let measured = escaped("\(check.value); limit: \(check.limit)")
      if check.passes {
        lines.append("    \(title)><system-out>\(measured)</system-out></testcase>")
      } else {
        let places = escaped(check.offenders.joined(separator: "\n"))
        lines.append("    \(title)><failure message=\"\(measured)\">\(places)</failure></testcase>")
      }
    }
    lines.append("  </testsuite>")
  }
  lines.append("</testsuites>")
  return lines.joined(separator: "\n") + "\n"
}

/// A text for XML and HTML: their marks as entities, and no character that XML has not.
func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "\t", "\n", "\r", "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
      result.unicodeScalars.append(scalar)
    default: result += "\u{FFFD}"
    }
  }
  return result
}
