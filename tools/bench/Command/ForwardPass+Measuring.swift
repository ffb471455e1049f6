import Swiftlet
import SwiftletKernels
import SwiftletTransformer

extension ForwardPass {
  /// Opens a model for texts of `source` and `target` tokens.
  init(_ path: String, source: Int, target: Int, _ kernels: KernelSet) throws(SwiftletError) {
    let file = try unsafe openModelFile(path)
    let isAlone = file.architecture.encoderLayers == 0
    let limits = Limits(
      source: isAlone ? 0 : source, target: isAlone ? max(source, target) : target,
      rows: isAlone ? tokensPerBlock : 1)
    try self.init(file, limits, kernels)
  }

  /// Reads a text: the source of an encoder, else a prompt, whose next token is scored.
  mutating func read(_ ids: [UInt32]) {
    guard model.architecture.encoderLayers == 0 else { return workspace.encode(ids.span, model) }
    workspace.begin(0, source: 0)
    unsafe ids.withUnsafeBufferPointer { unsafe workspace.read($0.dropLast(), slot: 0, model) }
    workspace.step(Int(ids[ids.count - 1]), model)
  }

  /// Reads what decoding goes on from: `ids` with an encoder, else nothing.
  mutating func begin(_ ids: [UInt32]) {
    if model.architecture.encoderLayers > 0 {
      workspace.encode(ids.span, model)
    } else {
      workspace.begin(0, source: 0)
    }
  }

  /// Decodes `count` tokens, each the likeliest, whether or not the end token is among them.
  mutating func decode(_ count: Int, _ body: (Choice) -> Void = { _ in }) {
    var previous = model.file.decoding.startToken
    for _ in 0..<count {
      workspace.step(previous, model)
      workspace.chooseLikeliest(model)
      let choice = workspace.choice()
      body(choice)
      previous = choice.index
    }
  }

  /// `length` pseudorandom tokens, the last of them the end token.
  func text(_ length: Int) -> [UInt32] {
    let vocabulary = model.architecture.sourceVocabulary
    var ids = (0..<length).map { UInt32(truncatingIfNeeded: ($0 * 7919 + 101) % vocabulary) }
    ids[length - 1] = UInt32(truncatingIfNeeded: model.file.decoding.endToken)
    return ids
  }
}
