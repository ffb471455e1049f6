import Foundation
import SourcesTestSupport
import SwiftletFamilies
import SwiftletModelFile
import Testing

@testable import SwiftletConversion

/// Conversions with a text, of tiny models whose tokens are letters.
@Suite struct CalibrationTests {
  private static let text = "abcdefgh\nhello world\n\na\tb\nthe quick brown fox\nzyxwv\n"

  /// A tokenizer whose first tokens are the letters.
  private func letterTokenizer(_ model: ImportedModel) throws -> [UInt8] {
    let letters = (0..<model.architecture.sourceVocabulary).map { id in
      id < 26 ? String(UnicodeScalar(UInt8(97 + id))) : "<\(id)>"
    }
    return try characterSection(texts: letters, controlIDs: [], unknownID: nil)
  }

  /// The file that a tiny model becomes, and what the report says.
  private func convert(_ name: String, calibrated: Bool = true) throws -> (bytes: [UInt8], [ConvertedTensor])
  {
    let directory = try TemporaryDirectory()
    try FamilyGolden(name).write(to: directory)
    var model = try ModelImporter.load(directory.path)
    model.metadata.removeAll { $0.key == "name" }  // The directory's.
    let tokenizer = try letterTokenizer(model)
    let text = try CalibrationText(path: directory.write(Self.text, to: "text"))
    let path = "\(directory.path)/model.swiftlet"
    let (tensors, _) = try model.write(
      to: path, QuantizationOptions(), TokenizerSections(source: tokenizer),
      calibration: calibrated ? text : nil, progress: { _, _, _ in })
    return (Array(try Data(contentsOf: URL(fileURLWithPath: path))), tensors)
  }

  @Test(arguments: [
    "marian", "bart", "t5-gated", "m2m100", "gpt2", "gpt-neox", "llama", "llama-tied", "bert-masked",
    "bert-classes", "albert", "sentence-mean",
  ])
  func everyKindOfModelIsCalibrated(_ name: String) throws {
    let (bytes, tensors) = try convert(name)
    let gains = tensors.compactMap(\.gain)
    // Layers that share their weights have a gain once.
    #expect(gains.count >= 4)
    let mean = CalibrationGain.mean(gains)
    #expect(mean.decibelsAfter >= mean.decibelsBefore, "\(mean)")
    #expect(try convert(name).bytes == bytes)
    #expect(try convert(name, calibrated: false).bytes != bytes)
  }

  /// Matrices that don't fit into memory together are gathered in several passes over the text, to the same end.
  @Test func severalPasses() throws {
    let directory = try TemporaryDirectory()
    try FamilyGolden("gpt2").write(to: directory)
    let model = try ModelImporter.load(directory.path)
    let tokenizer = try letterTokenizer(model)
    let text = try CalibrationText(path: directory.write(Self.text, to: "text"))
    var passes: [Int] = []
    var moments: [[Double]] = []
    for memory in [1, 600_000_000] {
      var count = 0
      let calibration = try Calibration(model, tokenizer: tokenizer, text, memory: memory) { number, _, _ in
        if number == 1 { count += 1 }
      }
      let list = TensorList(model.architecture)
      // The output is the first tensor's numbers again.
      let matrices = (0..<list.count).map { list[$0] }.filter {
        $0.element == .int8 && $0.name.part != .output
      }
      moments.append(
        try matrices.flatMap { tensor in
          try calibration.statistics(of: tensor.name)?.moments(InputMap(identity: tensor.columns)) ?? []
        })
      passes.append(count)
    }
    #expect(passes[0] > 1 && passes[1] == 1)
    #expect(!moments[0].isEmpty && moments[0] == moments[1])
  }

  @Test func textsThatAreOfNoUse() throws {
    let directory = try TemporaryDirectory()
    func refusal(_ path: String) throws -> String {
      "\(try #require(throws: CalibrationError.self) { try CalibrationText(path: path) })"
    }
    #expect(try refusal("\(directory.path)/none").hasPrefix("calibration text \(directory.path)/none: "))
    #expect(try refusal(directory.write("\n \n\t\n", to: "empty")).hasSuffix("no line has anything in it"))
    #expect(
      try refusal(directory.write([0x61, 0x0A, 0xFF, 0x0A], to: "bytes")).hasSuffix("line 2 is not UTF-8"))
    let text = try CalibrationText(path: directory.write("one\r\ntwo\tdeux\n\nthree", to: "text"))
    #expect(text.lines == ["one", "two", "three"])
  }
}
