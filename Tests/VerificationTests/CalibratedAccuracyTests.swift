import Foundation
import SwiftletConversion
import SwiftletVerification
import SourcesTestSupport
import Testing

/// What calibration buys on the English-French model: the whole dev set, none of whose sentences it has seen.
struct CalibratedAccuracyTests {
  @Test func devSetWithinPromise() throws {
    let path = "\(try TemporaryDirectory().path)/model.swiftlet"
    let weights = AccuracyTests.weights
    let text = try CalibrationText(path: "\(weights)/calibration.txt")
    let conversion = try Converter.convert(weights, to: path, calibration: text)
    // 8.25 bits a weight, as groups of 64 without calibration.
    #expect(conversion.tensors.reduce(0) { $0 + $1.bytes } <= 7_364_096)
    let dev = try String(contentsOfFile: "\(weights)/dev.tsv", encoding: .utf8)
    let lines = dev.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
    #expect(Set(lines).isDisjoint(with: text.lines))
    let report = try Verifier(source: weights, model: path).verify(lines)
    print(report.text)
    #expect(report.divergence.mean <= 0.8e-4)
    #expect(report.sameTopPercent >= 99.75)
    #expect(report.identicalPercent >= 97.5)
  }
}
