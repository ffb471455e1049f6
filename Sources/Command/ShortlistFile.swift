import Swiftlet
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTransformer

/// A file of token ids, with anything that is no digit between them; or a lexical shortlist.
enum ShortlistFile {
  /// Lets a translator choose only the tokens of the file, and the end tokens.
  static func apply(_ path: Word, to translator: inout Translator) -> ExitStatus? {
    let file: MappedFile
    do { file = try unsafe MappedFile(path: path.pointer) } catch {
      Console.complain {
        unsafe $0.write(path.bytes)
        $0.write(": ")
        error.describe(to: &$0)
      }
      return .failure
    }
    if unsafe Lexicon.isOne(file.bytes) {
      do throws(SwiftletError) {
        try translator.use(try Lexicon(file, translator.model.architecture))
        return nil
      } catch { return Console.complain(about: path, error) }
    }
    var id: Int?
    for place in unsafe 0...file.bytes.count {
      let byte = unsafe place < file.bytes.count ? file.bytes[place] : 0
      if byte >= 48, byte <= 57 {
        // An id of more digits is too large, however it goes on.
        id = min((id ?? 0) * 10 + Int(byte - 48), 99_999_999)
      } else if let read = id {
        do { try translator.allow(read) } catch { return Console.complain(about: path, error) }
        id = nil
      }
    }
    return nil
  }
}
