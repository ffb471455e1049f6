import SwiftletConversion
import SwiftletModelFile
import SwiftletPlatform
import SwiftletSources
import SwiftletTokenizers

import struct Swiftlet.Translator
import enum Swiftlet.SwiftletError

/// The result of `body`, or nil for an error of one of the types that are for bad input, whose text is one line.
@discardableResult
func attempt<Result>(_ body: () throws -> Result) throws(BrokenPromise) -> Result? {
  do { return try body() } catch let error as BrokenPromise { throw error } catch {
    try expect(isForBadInput(error), "an error of another kind: \(type(of: error)) \(error)")
    let text = (error as? any Describable)?.description ?? "\(error)"
    try expect(!text.isEmpty, "an error without words: \(type(of: error))")
    let breaks = text.unicodeScalars.first { $0.value < 0x20 || $0.value == 0x7F }
    try expect(breaks == nil || !isOneLine(error), "the text of an error has a line break in it: \(text)")
    return nil
  }
}

private func isForBadInput(_ error: any Error) -> Bool {
  error is SourceError || error is TokenizerSourceError || error is ConversionError
    || error is SwiftletError || error is ModelFileError || error is TokenizerError || error is JSONError
    || error is UnigramSectionError || error is SentencePieceError || error is VocabularyError
    || error is Llama2VocabularyError
}

/// Whether an error is shown as it is: those of parts are shown within those of files.
private func isOneLine(_ error: any Error) -> Bool {
  error is SourceError || error is TokenizerSourceError || error is SwiftletError || error is ModelFileError
}
