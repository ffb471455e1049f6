import Foundation
import SourcesTestSupport
import SwiftletFamilies
import SwiftletModelFile
import SwiftletSources
import Testing

@testable import SwiftletConversion

/// A model of a few thousand numbers of each kind, with each kind of tokenizer somewhere.
enum SmallModel: String, CaseIterable, Sendable, CustomTestStringConvertible {
  /// An encoder-decoder with pieces of a Unigram model; groups of 64, or one scale a row.
  case marian, marianRows
  /// An encoder-decoder with factors and shifts of inputs, and characters as tokens.
  case calibrated
  /// Encoders alone, with a class and with vectors of word pieces.
  case bert, sentence
  /// Decoders alone, with pairs of characters and pairs of bytes.
  case llama, gpt2

  var testDescription: String { rawValue }

  /// The file.
  func bytes() throws -> [UInt8] {
    let directory = try TemporaryDirectory(inMemory: true)
    let target = "\(directory.path)/model.swiftlet"
    var options = QuantizationOptions()
    switch self {
    case .marian, .marianRows:
      if self == .marianRows { options.group = 0 }
      try TinyMarian { ($0.width, $0.heads, $0.layers) = (16, 2, (1, 1)) }.writeWithText(to: directory)
    case .calibrated: try FamilyGolden("bart").write(to: directory)
    case .bert: try FamilyGolden("bert-classes").writeWithText(to: directory)
    case .sentence: try FamilyGolden("sentence-mean").writeWithText(to: directory)
    case .llama:
      try FamilyGolden("llama").write(to: directory)
      try directory.write(TinyTokenizers.characterPairs, to: "tokenizer.json")
    case .gpt2:
      try FamilyGolden("gpt2").write(to: directory)
      try directory.write(TinyTokenizers.bytePairs, to: "tokenizer.json")
    }
    if self == .calibrated {
      options.narrowWidth = 0
      try calibrate(directory, target, options)
    } else {
      _ = try Converter.convert(directory.path, to: target, options)
    }
    return Array(try Data(contentsOf: URL(fileURLWithPath: target)))
  }

  private func calibrate(
    _ directory: TemporaryDirectory, _ target: String, _ options: QuantizationOptions
  ) throws {
    let model = try ModelImporter.load(directory.path)
    let texts = (0..<model.architecture.sourceVocabulary).map { id in
      id < 26 ? String(UnicodeScalar(UInt8(97 + id))) : "<\(id)>"
    }
    let section = try characterSection(texts: texts, controlIDs: [], unknownID: nil)
    let lines = "abcdefgh\nhello world\nthe quick brown fox\nzyxwv\n"
    _ = try model.write(
      to: target, options, TokenizerSections(source: section),
      calibration: try CalibrationText(path: directory.write(lines, to: "text")), progress: { _, _, _ in })
  }
}
