import Foundation
import SwiftletModelFile
import SwiftletSources

/// A `.bin` file of llama2.c, version 0.
enum Llama2C {
  static func load(_ path: String) throws(SourceError) -> ImportedModel {
    let file = try Llama2CFile(path: path)
    var a = Llama.base()
    a.width = file.width
    a.decoderFeedForward = file.feedForward
    a.decoderLayers = file.layers
    a.heads = file.heads
    a.keyValueHeads = file.keyValueHeads
    a.headWidth = file.width / file.heads
    a.rotaryWidth = a.headWidth
    a.sourceVocabulary = file.vocabulary
    a.targetVocabulary = file.vocabulary
    a.positions = min(file.positions, 65_536)
    a.normEpsilon = 1e-5
    let frequencies = Frequencies.rotary(width: a.rotaryWidth, theta: 10_000).map { Float($0) }
    var assembly = TensorAssembly(a, names(isTied: file.isTied), file.weights)
    let tensors = try assembly.tensors(
      computed: [TensorName(.shared, .rotaryFrequencies): ImportedTensor(ComputedRows(frequencies))])
    var decoding = SourceDecoding()
    // The tokenizer's, which no file says: SentencePiece's <s> and </s>. Generation stops at <s>, as in run.c.
    decoding.startToken = 1
    decoding.endTokens = [1, 2]
    let url = URL(fileURLWithPath: path)
    return ImportedModel(
      architecture: a, decoding: decoding,
      metadata: [("family", "llama2c"), ("name", url.deletingPathExtension().lastPathComponent)],
      tensors: tensors, directory: url.deletingLastPathComponent().path)
  }

  private static func names(isTied: Bool) -> NameTable {
    let layer: [TensorPart: Recipe] = [
      .selfQueryKeyValue: .linear("wq", "wk", "wv", bias: .none, layout: .rotaryPairs),
      .selfOutput: .linear("wo", bias: .none),
      .selfNorm: .norm("attention_norm"),
      .feedForwardIn: .linear("w1", "w3", bias: .none),
      .feedForwardOut: .linear("w2", bias: .none),
      .feedForwardNorm: .norm("ffn_norm"),
    ]
    return [
      .shared: [
        .sourceEmbedding: .table("tok_embeddings.weight"),
        .output: .table(isTied ? "tok_embeddings.weight" : "output.weight"),
      ],
      .decoder: layer.prefixed("layers.#.") + [.finalNorm: .norm("norm")],
    ]
  }
}
