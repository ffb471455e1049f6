import Foundation
import SourcesTestSupport
import SwiftletConversion
import SwiftletFamilies

/// Models of every family, whose tokens are characters: tables of words would be most of such a small file.
extension Seeds {
  static func models() throws -> [[UInt8]] {
    let marian = try TemporaryDirectory()
    let small = TinyMarian { ($0.width, $0.heads, $0.layers, $0.feedForward) = (4, 2, (1, 1), (4, 4)) }
    try small.writeWithText(to: marian)
    var models = try [0, 32, 64].map { try converted(marian, group: $0) }
    for (index, name) in FamilyGolden.names.enumerated() {
      let directory = try TemporaryDirectory()
      try FamilyGolden(name).write(to: directory)
      models.append(try converted(directory, group: index % 3 == 0 ? 0 : 32))
    }
    return models.filter { $0.count <= 1 << 16 }
  }

  private static func converted(_ directory: TemporaryDirectory, group: Int) throws -> [UInt8] {
    var options = QuantizationOptions()
    options.group = group
    let model = try ModelImporter.load(directory.path)
    func section(_ count: Int) throws -> [UInt8] {
      let texts = (0..<count).compactMap { Unicode.Scalar(0x60 + $0).map(String.init) }
      return try characterSection(texts: texts, controlIDs: [0], unknownID: 1, before: [2], after: [3])
    }
    let (source, target) = (model.architecture.sourceVocabulary, model.architecture.targetVocabulary)
    let sections = TokenizerSections(
      source: try section(source), target: source == target ? nil : try section(target))
    _ = try model.write(to: "\(directory.path)/model.swiftlet", options, sections) { _, _, _ in }
    return file("model.swiftlet", in: directory)
  }
}
