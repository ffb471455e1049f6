import Foundation
import Testing

/// The example in the description of the model file is a real one.
@Suite struct FormatTests {
  @Test func theExampleIsWhatTheConverterMakes() throws {
    let model = try Data(contentsOf: URL(fileURLWithPath: EnFr.path))
    let text = try String(
      contentsOf: repository.appending(path: "Sources/ModelFile/FORMAT.md"), encoding: .utf8)
    var count = 0
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 9, omittingEmptySubsequences: true)
      guard parts.count >= 9, parts[0].count == 9, let offset = Int(parts[0].dropLast(), radix: 16) else {
        continue
      }
      let bytes = model[offset..<offset + 16].map { String(format: "%02x", $0) }.joined()
      #expect(parts[1...8].joined() == bytes, "line \(parts[0])")
      count += 1
    }
    #expect(count == 28)
  }
}
