import Swiftlet
import SwiftletKernelSelection
import SwiftletModelFile
import SwiftletTokenizers
import SwiftletTransformer

/// The int8 model under test, if it is an encoder alone.
struct Int8Encoder: ~Copyable {
  private var pass: ForwardPass
  private let encoder: TokenEncoder

  init(_ file: consuming ModelFile) throws(SwiftletError) {
    let longest = min(file.architecture.positions, 512)
    encoder = TokenEncoder(longest: longest)
    pass = try ForwardPass(file, Limits(source: longest, target: 0), InstructionSet.fastestKernels)
  }

  var architecture: Architecture { pass.model.architecture }

  /// The tokens of a text, or nil if it is empty or too long.
  func tokens(_ text: String) throws(TokenizerError) -> [Int]? {
    let tokenizer = try unsafe Tokenizer(section: pass.model.file.section(.sourceTokenizer))
    do throws(TokenizerError) {
      let ids = try encoder.encode(text, tokenizer)
      return ids.count > tokenizer.templateTokens ? ids : nil
    } catch {
      if case .tooManyIDs = error { return nil }
      throw error
    }
  }

  /// The text of one token, as the vocabulary has it.
  func piece(_ id: Int) -> String {
    unsafe (try? Tokenizer(section: pass.model.file.section(.sourceTokenizer)))?.piece(id) ?? ""
  }

  /// Encodes a text; returns the states after each layer, tokens × width.
  mutating func encode(_ ids: [Int]) -> [[Float]] { pass.workspace.states(ofLayers: ids, pass.model) }

  /// What the head makes of the text that was encoded: of all of it, or of one token.
  mutating func head(token: Int) -> [Float] {
    pass.workspace.runHead(token: token, pass.model)
    return array(pass.workspace.headResult)
  }
}
