import Swiftlet
import SwiftletFuzzing
import SwiftletModelFile
import SwiftletPlatform

extension FuzzTarget {
  /// A file of `--shortlist`: a lexicon, or a list of ids, for a small model.
  static let shortlist = unsafe FuzzTarget("shortlist", longest: 1024, seeds: shortlists) {
    (input) throws(BrokenPromise) in
    var failure: BrokenPromise?
    unsafe withCopy(input, alignment: 8) { bytes in
      do throws(SwiftletError) { unsafe try translate(with: bytes) } catch {
        if error.description.isEmpty { failure = BrokenPromise("an error without words") }
      }
    }
    if let failure { throw failure }
  }
}

private func translate(with bytes: UnsafeRawBufferPointer) throws(SwiftletError) {
  var sizes = ConstraintSizes()
  sizes.hasShortlist = true
  let file: ModelFile
  do { file = unsafe try ModelFile(MappedFile(memory: SmallModel.translation.bytes)) } catch {
    throw .file(error)
  }
  var translator = try Translator(file, source: 8, target: 4, constraints: sizes, budget: 1 << 26)
  if unsafe Lexicon.isOne(bytes) {
    unsafe try translator.use(try Lexicon(MappedFile(memory: bytes), translator.model.architecture))
  } else {
    var path = unsafe Array(ScratchFiles.shared.file(bytes).utf8CString)
    unsafe path.withUnsafeMutableBufferPointer {
      let word = unsafe Word(pointer: UnsafePointer($0.baseAddress.unsafelyUnwrapped))
      _ = ShortlistFile.apply(word, to: &translator)
    }
  }
  try translator.translate("a b".utf8.span)
}

/// A lexicon for 40 source and target tokens, and lists of ids.
private func shortlists() -> [[UInt8]] {
  let lists: [[UInt32]] = (0...40).map { $0 % 8 == 0 ? [$0 % 40, ($0 + 3) % 40] : [] }
  var words: [UInt32] = [40, 40, 0]
  for list in lists { words.append(words[words.count - 1] + UInt32(list.count)) }
  words += lists.joined()
  let lexicon =
    Array("swiftlex".utf8) + words.flatMap { word in (0..<4).map { UInt8(word >> (8 * $0) & 0xFF) } }
  return [lexicon, Array("1 2 3\n39".utf8), Array("99999999999 1".utf8)]
}
