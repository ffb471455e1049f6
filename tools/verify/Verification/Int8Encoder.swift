import Swiftlet
import SwiftletKernelSelection
import SwiftletModelFile
import SwiftletTokenizers
import SwiftletTransformer

/// The int8 model under test, if it is an encoder alone.
struct Int8Encoder: ~Copyable {
  private var pass: ForwardPass
  private let longest: Int

  init(_ file: consuming ModelFile) throws(SwiftletError) {
    longest = min(file.architecture.positions, 512)
    pass = try ForwardPass(file, Limits(source: longest, target: 0), InstructionSet.fastestKernels)
  }

  var architecture: Architecture { pass.model.architecture }

  /// The tokens of a text, or nil if it is empty or too long.
  func tokens(_ text: String) throws(TokenizerError) -> [Int]? {
    let tokenizer = try Tokenizer(section: pass.model.file.section(.sourceTokenizer))
    let bytes = Array(text.utf8)
    let need = tokenizer.scratch(forTextBytes: bytes.count)
    var ids = [UInt32](repeating: 0, count: longest)
    var normalized = [UInt8](repeating: 0, count: need.normalizedBytes)
    var lattice = [LatticeNode](repeating: LatticeNode(), count: need.latticeNodes)
    do throws(TokenizerError) {
      let count = try Self.encode(bytes, tokenizer, &ids, &normalized, &lattice)
      return count > tokenizer.templateTokens ? ids[..<count].map { Int($0) } : nil
    } catch {
      if case .tooManyIDs = error { return nil }
      throw error
    }
  }

  private static func encode(
    _ text: [UInt8], _ tokenizer: Tokenizer, _ ids: inout [UInt32], _ normalized: inout [UInt8],
    _ lattice: inout [LatticeNode]
  ) throws(TokenizerError) -> Int {
    var ids = ids.mutableSpan
    var normalized = normalized.mutableSpan
    var lattice = lattice.mutableSpan
    return try tokenizer.encode(text.span, into: &ids, normalized: &normalized, lattice: &lattice)
  }

  /// Encodes a text; returns the states after each layer, tokens × width.
  mutating func encode(_ ids: [Int]) -> [[Float]] { pass.workspace.states(ofLayers: ids, pass.model) }

  /// What the head makes of the text that was encoded: of all of it, or of one token.
  mutating func head(token: Int) -> [Float] {
    pass.workspace.runHead(token: token, pass.model)
    return array(pass.workspace.headResult)
  }
}
