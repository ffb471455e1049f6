import Foundation
import SourcesTestSupport
import SwiftletConversion
import SwiftletReport
import SwiftletVerification
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What is written of a verification: the page, JUnit's XML, JSON.
@Suite struct ReportTests {
  /// The findings on ten lines, of a sound model and of the same as another.
  private static let judged: [(Findings, Verdict)] = {
    guard let path = DamageTests.models[64], let other = DamageTests.models[0],
      let text = try? VerificationText(path: "\(AccuracyTests.weights)/dev.tsv", limit: 10),
      let verifier = try? Verifier(source: AccuracyTests.weights, models: [path, other]),
      let findings = try? verifier.findings(text, asksSensitivity: true)
    else { return [] }
    return findings.map { ($0, Verdict($0, VerdictLimits())) }
  }()

  private func judged(limits: VerdictLimits = VerdictLimits()) throws -> [(Findings, Verdict)] {
    try #require(Self.judged.count == 2)
    return Self.judged.map { ($0.0, Verdict($0.0, limits)) }
  }

  private func page(_ judged: [(Findings, Verdict)]) throws -> String {
    let text = try VerificationText(path: "\(AccuracyTests.weights)/dev.tsv", limit: 10)
    return htmlReport(judged, source: AccuracyTests.weights, text: text, limits: VerdictLimits())
  }

  /// Every element is closed, every id is there once, every chart has a title and a description.
  @Test func pageIsWellFormed() throws {
    let page = try page(judged())
    // Read as XML, but for what HTML leaves open.
    var xml = page.replacingOccurrences(of: "<!DOCTYPE html>\n", with: "")
    for line in [
      "<meta charset=\"utf-8\">", "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<link rel=\"icon\" href=\"data:,\">",
    ] {
      #expect(xml.contains(line))
      xml = xml.replacingOccurrences(of: line, with: "")
    }
    let reader = PageReader()
    let parser = XMLParser(data: Data(xml.utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError)) in line \(parser.lineNumber)")
    #expect(Set(reader.ids).count == reader.ids.count)
    #expect(reader.charts == reader.titles && reader.charts >= 14)
    #expect(reader.references.isSubset(of: Set(reader.ids)))
    #expect(reader.tables >= 16)
    for address in ["http", "src=", "<script", "@import", "url("] {
      #expect(!page.contains(address), "\(address)")
    }
  }

  @Test func pageSaysWhatFails() throws {
    var limits = VerdictLimits()
    limits.divergence = 1e-9
    let judged = try judged(limits: limits)
    #expect(judged[0].1.failures.map(\.name) == ["kl"])
    let page = try page(judged)
    #expect(page.contains("Failed: 1 of"))
    #expect(page.contains("The mean KL divergence is "))
    #expect(try self.page(self.judged()).contains("✓ Passed"))
  }

  @Test func textOfASourceIsNoMarkup() throws {
    #expect(markup("<b>&\"\u{1}") == "&lt;b&gt;&amp;&quot;\u{FFFD}")
  }

  /// `escaped` as a chart's title has it.
  private func markup(_ text: String) -> String {
    let judged = Self.judged
    let xml = junitReport(judged.prefix(1).map { finding, verdict in (finding.named(text), verdict) })
    let start = xml.range(of: "classname=\"")!.upperBound
    return String(xml[start..<xml.range(of: "\" name=", range: start..<xml.endIndex)!.lowerBound])
  }

  @Test func junitCountsFailures() throws {
    var limits = VerdictLimits()
    limits.divergence = 1e-9
    let judged = try judged(limits: limits)
    let reader = PageReader()
    let parser = XMLParser(data: Data(junitReport(judged).utf8))
    parser.delegate = reader
    #expect(parser.parse())
    #expect(reader.elements["testsuite"] == 2 && reader.elements["failure"] == 2)
    #expect(reader.elements["testcase"] == judged.reduce(0) { $0 + $1.1.checks.count })
  }

  @Test func jsonHasEverything() throws {
    let object = try JSONSerialization.jsonObject(with: Data(jsonReport(judged()).utf8))
    let models = try #require((object as? [String: Any])?["models"] as? [[String: Any]])
    #expect(models.count == 2)
    for key in [
      "bleu", "chrf", "kl_p999", "perplexity_ratio_error", "calibration", "worst_lines", "arena", "sizes",
    ] {
      #expect(models[0][key] != nil, "\(key)")
    }
    let tensors = try #require(models[0]["tensors"] as? [[String: Any]])
    #expect(
      tensors.contains {
        $0["name"] as? String == "decoder.1.cross-key-value" && $0["part"] as? String == "value"
      })
    let sensitivity = try #require(models[0]["sensitivity"] as? [[String: Any]])
    // 33 projections in layers, the output and the table: weights of all, inputs of all but the table.
    #expect(sensitivity.count == 2 * 35 - 1)
    let costs = sensitivity.compactMap { $0["cost"] as? Double }
    #expect(costs == costs.sorted(by: >) && costs.allSatisfy { $0 >= 0 && $0 < 1e-3 })
  }

  @Test func severalModelsStandSideBySide() throws {
    let text = try textReport(judged())
    #expect(text.contains("\nmean KL divergence "))
    #expect(text.contains("passed: all"))
  }
}

extension Findings {
  /// The same of a file with another name.
  fileprivate func named(_ path: String) -> Findings {
    Findings(path: path, facts: facts, report: report, tensors: tensors, sensitivity: sensitivity)
  }
}

/// Counts what is in a page.
private final class PageReader: NSObject, XMLParserDelegate {
  var elements: [String: Int] = [:]
  var ids: [String] = []
  var references: Set<String> = []
  var charts = 0
  var titles = 0
  var tables = 0

  func parser(
    _: XMLParser, didStartElement name: String, namespaceURI _: String?, qualifiedName _: String?,
    attributes: [String: String] = [:]
  ) {
    elements[name, default: 0] += 1
    if let id = attributes["id"] { ids.append(id) }
    for id in (attributes["aria-labelledby"] ?? "").split(separator: " ") { references.insert(String(id)) }
    if name == "svg" { charts += 1 }
    if name == "title", attributes["id"] != nil { titles += 1 }
    if name == "table" { tables += 1 }
  }
}
