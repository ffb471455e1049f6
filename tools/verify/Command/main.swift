import Foundation
import SwiftletConsole
import SwiftletReport
import SwiftletVerification

/// Verifies, shows the text or JSON, and writes the files that were asked for. Returns the status.
func verify(_ arguments: Arguments, _ console: Console) throws -> Int32 {
  let verifier = try Verifier(source: arguments.source, models: arguments.models)
  if arguments.references != nil, !verifier.translates { throw VerificationError.uselessReferences }
  let text = try VerificationText(
    path: arguments.text ?? "\(arguments.source)/dev.tsv", references: arguments.references,
    limit: arguments.limit)
  let findings = try verifier.findings(
    text, state: arguments.resume, asksSensitivity: arguments.asksSensitivity
  ) { console.progress($0) }
  console.progress("")
  let judged = findings.map { ($0, Verdict($0, arguments.limits)) }
  if let path = arguments.junit { try write(junitReport(judged), to: path) }
  if let path = arguments.html {
    let page = htmlReport(judged, source: arguments.source, text: text, limits: arguments.limits)
    try write(page, to: path)
  }
  var status: Int32
  if let path = arguments.json, path != "-" { try write(try jsonReport(judged), to: path) }
  if arguments.json == "-" {
    status = console.show(try jsonReport(judged))
  } else {
    status = console.show(textReport(judged))
  }
  for (model, verdict) in judged {
    let name = judged.count > 1 ? "\(model.path): " : ""
    for failure in verdict.failures { console.complain(name + failure.complaint) }
    if !verdict.passes { status = 1 }
  }
  return status
}

func write(_ text: String, to path: String) throws(VerificationError) {
  do { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
    throw .output(path: path, reason: error.localizedDescription)
  }
}

func run(_ arguments: Arguments) -> Int32 {
  let console = Console("swiftlet-verify", showsProgress: !arguments.isQuiet)
  do { return try verify(arguments, console) } catch {
    console.progress("")
    console.complain("error: \(error)")
    return 1
  }
}

let console = Console("swiftlet-verify")
let words = Array(CommandLine.arguments.dropFirst())
if words.contains("--help") || words.contains("-h") { exit(console.show(usage + "\n")) }
do { exit(run(try Arguments(words))) } catch { exit(console.wrongUsage(error)) }
