import Foundation
import SwiftletConsole
import SwiftletVerification

/// The text's lines, each up to a tab.
func lines(_ arguments: Arguments) throws -> (lines: [String], path: String) {
  let path = arguments.text ?? "\(arguments.source)/dev.tsv"
  let data: Data
  do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
    throw VerificationError.text(path: path, reason: error.localizedDescription)
  }
  guard let text = String(validating: data, as: UTF8.self) else {
    throw VerificationError.text(path: path, reason: "not UTF-8")
  }
  let all = text.split(separator: "\n", omittingEmptySubsequences: false).map {
    String($0.prefix { $0 != "\t" })
  }
  return (Array((all.last == "" ? all.dropLast() : all[...]).prefix(arguments.limit)), path)
}

/// Shows the report, as text or JSON, and writes the JSON file that was asked for. Returns the status.
func show(_ report: Report, _ arguments: Arguments, _ console: Console) throws -> Int32 {
  guard let path = arguments.json else { return console.show(report.text) }
  let data = try JSONSerialization.data(
    withJSONObject: report.json, options: [.prettyPrinted, .sortedKeys])
  let text = String(decoding: data, as: UTF8.self) + "\n"
  if path == "-" { return console.show(text) }
  do { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
    throw VerificationError.text(path: path, reason: error.localizedDescription)
  }
  return console.show(report.text)
}

/// Whether the report keeps the limits; says which it doesn't.
func passes(_ report: Report, _ arguments: Arguments, _ console: Console) -> Bool {
  var passes = true
  if let most = arguments.maximumDivergence, !(report.divergence.mean <= most) {
    console.complain("the mean KL divergence is \(report.divergence.mean), more than \(most)")
    passes = false
  }
  if let least = arguments.minimumCosine, !(report.cosine.mean >= least) {
    console.complain("the mean cosine is \(report.cosine.mean), less than \(least)")
    passes = false
  }
  if let least = arguments.minimumSameTop, !(report.sameTopPercent >= least) {
    console.complain("the same top token is \(report.sameTopPercent) %, less than \(least) %")
    passes = false
  }
  return passes
}

func run(_ arguments: Arguments) -> Int32 {
  let console = Console("swiftlet-verify", showsProgress: !arguments.isQuiet)
  do {
    let (lines, path) = try lines(arguments)
    let verifier = try Verifier(source: arguments.source, model: arguments.model)
    let report = try verifier.verify(lines) { console.progress("\($0)/\(lines.count) lines") }
    console.progress("")
    guard report.sentences > 0 else { throw VerificationError.nothing(path: path) }
    let status = try show(report, arguments, console)
    return passes(report, arguments, console) ? status : 1
  } catch {
    console.progress("")
    console.complain("error: \(error)")
    return 1
  }
}

let console = Console("swiftlet-verify")
let words = Array(CommandLine.arguments.dropFirst())
if words.contains("--help") || words.contains("-h") { exit(console.show(usage + "\n")) }
do { exit(run(try Arguments(words))) } catch { exit(console.wrongUsage(error)) }
