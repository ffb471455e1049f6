import Foundation
import Swiftlet
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTranslationTable

extension FuzzTarget {
  /// Lines of sources and targets, of which a lexicon is made, which opens.
  static let pairs = unsafe FuzzTarget("pairs", longest: 256, seeds: Seeds.pairs) {
    (input) throws(BrokenPromise) in
    try attempt {
      var pairs = try TokenPairs(model: modelPath)
      let text = unsafe String(decoding: input, as: UTF8.self)
      for line in text.split(whereSeparator: \.isNewline) { try pairs.add(line) }
      let bytes = TranslationTable(pairs, rounds: 2) { _ in }.file(most: 4, common: 3)
      let architecture = unsafe try openModelFile(modelPath).architecture
      unsafe try bytes.withUnsafeBytes { bytes in
        guard unsafe Lexicon.isOne(bytes) else { throw BrokenPromise("a lexicon that is none") }
        do throws(SwiftletError) { _ = unsafe try Lexicon(MappedFile(memory: bytes), architecture) } catch {
          throw BrokenPromise("a lexicon that does not open: \(error.description)")
        }
      }
    }
  }

  /// A small model, as a file.
  private static let modelPath: String = {
    let path = "\(ScratchFiles.shared.path)/pairs.swiftlet"
    do { unsafe try Data(SmallModel.translation.bytes).write(to: URL(fileURLWithPath: path)) } catch {
      fatalError("\(path): \(error)")
    }
    return path
  }()
}
