import Foundation
import SwiftletModelFile
import SwiftletSources

/// T5 (Raffel and others, 2020): version 1.0, and 1.1 with gates, of which FLAN-T5 is one.
enum T5 {
  static func load(_ directory: HuggingFaceDirectory) throws(SourceError) -> ImportedModel {
    var source = try HuggingFaceSource(directory, family: "t5")
    let buckets = try configure(&source)
    try source.readDecoding(needed: ["eos_token_id", "decoder_start_token_id"])
    try source.checkOneEnd()
    try source.config.checkRemaining(keys)
    let weights = try directory.weights()
    let names = names(source, hasHead: weights.tensor(named: "lm_head.weight") != nil)
    var assembly = TensorAssembly(source.architecture, names, weights)
    var computed: [TensorName: ImportedTensor] = [:]
    for (stack, name, isCausal) in [(Stack.encoder, "encoder", false), (.decoder, "decoder", true)] {
      let table = try assembly.finder.take(
        "\(name).block.0.layer.0.SelfAttention.relative_attention_bias.weight",
        [buckets.count, source.architecture.heads])
      computed[TensorName(stack, .relativeBias)] = ImportedTensor(
        RelativeBiasRows(table: table, buckets: buckets, isCausal: isCausal))
    }
    return source.model(
      try assembly.tensors(
        computed: computed,
        // What an early version made and never used.
        ignored: ["decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight"]))
  }

  private static func configure(_ source: inout HuggingFaceSource) throws(SourceError) -> DistanceBuckets {
    try source.readVocabulary()
    source.architecture.sharesEmbeddings = true
    source.architecture.positionEncoding = .none
    source.architecture.normKind = .rootMeanSquare
    source.architecture.normPlacement = .pre
    source.architecture.hasFinalNorm = true
    source.architecture.attentionScale = 1
    source.architecture.normEpsilon = Float(
      try source.config.number("layer_norm_epsilon", within: 1e-12...1) ?? 1e-6)
    source.architecture.width = try source.config.requiredInteger("d_model", within: 1...65_536)
    source.architecture.heads = try source.config.requiredInteger("num_heads", within: 1...1024)
    source.architecture.keyValueHeads = source.architecture.heads
    source.architecture.headWidth = try source.config.requiredInteger("d_kv", within: 1...4096)
    let inner = try source.config.requiredInteger("d_ff", within: 1...65_536)
    source.architecture.encoderFeedForward = inner
    source.architecture.decoderFeedForward = inner
    let layers = try source.config.requiredInteger("num_layers", within: 1...1024)
    source.architecture.encoderLayers = layers
    source.architecture.decoderLayers =
      try source.config.integer("num_decoder_layers", within: 1...1024) ?? layers
    // Biases reach any distance: what limits a text is the memory.
    _ = try source.readPositions("n_positions", default: 512)
    try readActivation(&source)
    // The versions differ in this: with tied embeddings, states are scaled before the output.
    let isTied = try source.config.bool("tie_word_embeddings", default: true)
    source.isTied = try source.config.bool("scale_decoder_outputs", default: isTied)
    return try readBuckets(&source)
  }

  private static func readActivation(_ source: inout HuggingFaceSource) throws(SourceError) {
    let form = try source.config.text("feed_forward_proj") ?? "relu"
    switch form {
    case "relu": source.architecture.activation = .relu
    case "gated-gelu":
      source.architecture.activation = .geluTanh
      source.architecture.isGated = true
    case "gated-silu":
      source.architecture.activation = .swish
      source.architecture.isGated = true
    default:
      throw source.config.error(
        .unsupported(
          key: "feed_forward_proj", value: "\"\(form)\"",
          supported: "\"relu\", \"gated-gelu\", \"gated-silu\""))
    }
  }

  private static func readBuckets(_ source: inout HuggingFaceSource) throws(SourceError) -> DistanceBuckets {
    let count = try source.config.integer("relative_attention_num_buckets", within: 4...65_536) ?? 32
    let farthest = try source.config.integer("relative_attention_max_distance", within: 2...65_536) ?? 128
    guard count % 4 == 0, farthest > count / 2 else {
      throw source.config.error(
        .unsupported(
          key: "relative_attention_num_buckets", value: "\(count)",
          supported: "multiples of 4 below twice relative_attention_max_distance \(farthest)"))
    }
    source.architecture.relativeDistance = farthest
    return DistanceBuckets(count: count, farthest: farthest)
  }

  private static func names(_ source: HuggingFaceSource, hasHead: Bool) -> NameTable {
    let a = source.architecture
    let tables = ["shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight"]
    // Scaling the last states is scaling the gain of the norm before.
    let scale = source.isTied ? 1 / Float(a.width).squareRoot() : 1
    func stack(_ name: String, feedForward: Int, factor: Float) -> [TensorPart: Recipe] {
      let inner = "layer.\(feedForward).DenseReluDense."
      let layer: [TensorPart: Recipe] = [
        .selfQueryKeyValue: .linear(
          "layer.0.SelfAttention.q", "layer.0.SelfAttention.k", "layer.0.SelfAttention.v", bias: .none),
        .selfOutput: .linear("layer.0.SelfAttention.o", bias: .none),
        .selfNorm: .norm("layer.0.layer_norm"),
        .crossQuery: .linear("layer.1.EncDecAttention.q", bias: .none),
        .crossKeyValue: .linear("layer.1.EncDecAttention.k", "layer.1.EncDecAttention.v", bias: .none),
        .crossOutput: .linear("layer.1.EncDecAttention.o", bias: .none),
        .crossNorm: .norm("layer.1.layer_norm"),
        .feedForwardIn: a.isGated
          ? .linear(inner + "wi_0", inner + "wi_1", bias: .none) : .linear(inner + "wi", bias: .none),
        .feedForwardOut: .linear(inner + "wo", bias: .none),
        .feedForwardNorm: .norm("layer.\(feedForward).layer_norm"),
      ]
      return layer.prefixed("\(name).block.#.") + [
        .finalNorm: .norm("\(name).final_layer_norm", factor: factor)
      ]
    }
    let head = source.isTied ? tables + ["lm_head.weight"] : hasHead ? ["lm_head.weight"] : tables
    return [
      .shared: [.sourceEmbedding: .table(source.isTied ? head : tables), .output: .table(head)],
      .encoder: stack("encoder", feedForward: 1, factor: 1),
      .decoder: stack("decoder", feedForward: 2, factor: scale),
    ]
  }

  private static let keys = ConfigurationKeys.family(
    harmless: ["tokenizer_class", "dense_act_fn", "is_gated_act", "output_past"],
    neutral: ["is_encoder_decoder": [.bool(true)]])
}

/// How T5 gathers distances into buckets that share a bias: near ones have their own, farther ones share by the
/// logarithm.
struct DistanceBuckets {
  let count: Int
  let farthest: Int

  /// The bucket of a distance from query to key: transformers' `_relative_position_bucket`, in float32 as there.
  func bucket(_ distance: Int, isCausal: Bool) -> Int {
    let half = isCausal ? count : count / 2
    let ahead = !isCausal && distance > 0 ? half : 0
    let magnitude = isCausal ? max(0, -distance) : abs(distance)
    let exact = half / 2
    if magnitude < exact { return ahead + magnitude }
    let growth = logf(Float(magnitude) / Float(exact)) / Float(log(Double(farthest) / Double(exact)))
    return ahead + min(half - 1, exact + Int(growth * Float(half - exact)))
  }
}

/// The biases of every distance: heads × (2D + 1), from D before the query to D after it.
struct RelativeBiasRows: RowSource {
  /// Buckets × heads.
  let table: SourceTensor
  let buckets: DistanceBuckets
  let isCausal: Bool

  var rowCount: Int { table.rowLength }
  var identity: String? { nil }

  func floats(rows: Range<Int>) throws(SourceError) -> [Float] {
    let values = try table.finiteFloats(rows: 0..<table.rowCount)
    return rows.flatMap { head in
      (-buckets.farthest...buckets.farthest).map {
        values[buckets.bucket($0, isCausal: isCausal) * table.rowLength + head]
      }
    }
  }

  func release() { table.release() }
}
