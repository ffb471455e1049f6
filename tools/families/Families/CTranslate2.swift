import Foundation
import SwiftletModelFile
import SwiftletSources

/// Encoder-decoders of CTranslate2: OpenNMT's models, and Argos Translate's packages.
enum CTranslate2 {
  static func load(_ path: String) throws(SourceError) -> ImportedModel {
    let folder = modelPath(path).map { ($0 as NSString).deletingLastPathComponent } ?? path
    var model = CTranslate2Model(try CTranslate2File(path: "\(folder)/model.bin"))
    let settings = try CTranslate2Settings(folder, model.takeSettings())
    var a = try model.architecture()
    a.normEpsilon = settings.normEpsilon ?? (a.normKind == .layer ? 1e-5 : 1e-6)
    var assembly = TensorAssembly(a, CTranslate2Model.names(a), model.file.weights, spelling: .ctranslate2)
    var computed: [TensorName: ImportedTensor] = [:]
    if a.hasSinusoids {
      let isStored = model.storedPositions != nil
      let frequencies = isStored ? Frequencies.paper(width: a.width) : Frequencies.fairseq(width: a.width)
      computed[TensorName(.shared, .positionFrequencies)] = ImportedTensor(ComputedRows(frequencies))
    }
    let stored = a.hasSinusoids ? ["encoder", "decoder"].map { "\($0)/position_encodings/encodings" } : []
    let tensors = try assembly.tensors(computed: computed, ignored: stored)
    let alignment = model.takeAlignment()
    let startsFromZero = model.takeFlag("decoder/start_from_zero_embedding")
    try model.checkNothingLeft()
    var imported = ImportedModel(
      architecture: a,
      decoding: try settings.decoding(source: a.sourceVocabulary, target: a.targetVocabulary),
      metadata: [("family", "ctranslate2"), ("name", URL(fileURLWithPath: path).lastPathComponent)]
        + alignment,
      tensors: tensors, directory: folder, tokens: settings.tokens)
    if startsFromZero { imported.startFromZero() }
    return imported
  }

  /// The `model.bin` of a directory, or of the directory `model` in it, as Argos Translate's packages have it.
  static func modelPath(_ path: String) -> String? {
    ["\(path)/model.bin", "\(path)/model/model.bin"].first { FileManager.default.fileExists(atPath: $0) }
  }
}

extension Spelling {
  /// CTranslate2's.
  static let ctranslate2 = Spelling(
    weight: "/weight", bias: "/bias", normGains: ["/gamma"], normBiases: ["/beta"])
}

/// What the variables of a file say about the architecture.
struct CTranslate2Model {
  /// Sinusoids have no end: as many as CTranslate2 reads of a source unless it is told otherwise.
  private static let longest = 1024

  let file: CTranslate2File
  private var taken: Set<String> = []

  init(_ file: CTranslate2File) { self.file = file }

  /// A number of both stacks, which must be the same; early revisions state it once.
  private mutating func shared(_ name: String) throws(SourceError) -> Double? {
    let values = ["encoder/\(name)", "decoder/\(name)"].map { number($0) }
    guard values[0] == values[1] else {
      throw error("\(name) of encoder and decoder differ: \(values.map { $0.map { "\($0)" } ?? "none" })")
    }
    return values[0] ?? number(name)
  }

  private mutating func number(_ name: String) -> Double? {
    taken.insert(name)
    return file.number(name)
  }

  /// Flags of the settings of decoding, in files before version 6.
  mutating func takeSettings() -> [String: Bool] {
    var flags: [String: Bool] = [:]
    for name in ["with_source_bos", "with_source_eos", "with_target_bos", "user_decoder_start_tokens"] {
      if let value = number(name) { flags[name] = value != 0 }
    }
    return flags
  }

  /// Whether a flag is there and set.
  mutating func takeFlag(_ name: String) -> Bool { number(name) ?? 0 != 0 }

  /// The layer and the count of heads whose attention says which words belong together, where the file has them.
  mutating func takeAlignment() -> [(String, String)] {
    guard let layer = whole(number("decoder/alignment_layer")),
      let heads = whole(number("decoder/alignment_heads"))
    else { return [] }
    // Below 0 it counts from the last.
    let place = layer < 0 ? count("decoder") + layer : layer
    guard place >= 0 else { return [] }
    return [("alignment-layer", "\(place)"), ("alignment-heads", "\(heads)")]
  }

  /// The table of learned positions, or of OpenNMT-py's sinusoids, if one is stored.
  var storedPositions: SourceTensor? {
    file.weights.tensor(named: "encoder/position_encodings/encodings")
  }

  mutating func architecture() throws(SourceError) -> Architecture {
    guard file.specification.hasPrefix("Transformer"), !file.specification.contains("Decoder"),
      !file.specification.contains("Encoder")
    else { throw error("the specification \(file.specification) is no encoder-decoder Transformer") }
    var a = Architecture()
    try readMeasures(&a)
    try readChoices(&a)
    try readPositions(&a)
    return a
  }

  private mutating func readMeasures(_ a: inout Architecture) throws(SourceError) {
    let source = try matrix(["encoder/embeddings/weight", "encoder/embeddings_0/weight"])
    let target = try matrix(["decoder/embeddings/weight"])
    (a.sourceVocabulary, a.width, a.targetVocabulary) = (source.rowCount, source.rowLength, target.rowCount)
    a.encoderLayers = count("encoder")
    a.decoderLayers = count("decoder")
    a.encoderFeedForward = try matrix(["encoder/layer_0/ffn/linear_0/weight"]).rowCount
    a.decoderFeedForward = try matrix(["decoder/layer_0/ffn/linear_0/weight"]).rowCount
    let heads = try shared("num_heads") ?? (file.specification == "TransformerBig" ? 16 : 8)
    guard let count = whole(heads), (1...1024).contains(count), a.width % count == 0, a.width % 2 == 0 else {
      throw error("\(heads) heads do not divide the width \(a.width), or that is odd")
    }
    a.heads = count
    a.keyValueHeads = a.heads
    a.headWidth = a.width / a.heads
    a.sharesEmbeddings = source.isSame(as: target)
  }

  private mutating func readChoices(_ a: inout Architecture) throws(SourceError) {
    func has(_ name: String) throws(SourceError) -> Bool {
      let found = ["encoder", "decoder"].map { file.weights.tensor(named: "\($0)/\(name)") != nil }
      guard found[0] == found[1] else { throw error("\(name) is in one stack only") }
      return found[0]
    }
    a.normPlacement = try shared("pre_norm") ?? 1 != 0 ? .pre : .post
    a.hasFinalNorm = try has("layer_norm/gamma")
    a.normalizesEmbeddings = try has("layernorm_embedding/gamma")
    a.normKind = try has("layer_0/self_attention/layer_norm/beta") ? .layer : .rootMeanSquare
    a.isGated = try has("layer_0/ffn/linear_0_noact/weight")
    let activations: [Architecture.Activation?] = [.relu, .geluTanh, .swish, .gelu, nil, .tanh, nil]
    let activation = try shared("activation") ?? 0
    guard let place = whole(activation), activations.indices.contains(place), let known = activations[place]
    else {
      throw error(
        "the activation \(activation) is not supported (only ReLU, GELU, GELU by tanh, swish, tanh)")
    }
    a.activation = known
    a.embeddingScale = try scale(width: a.width)
  }

  /// `scale_embeddings`: a flag, or the factor itself; without it √width.
  private mutating func scale(width: Int) throws(SourceError) -> Float {
    let root = Float(width).squareRoot()
    var scales: [Float] = []
    for stack in ["encoder", "decoder"] {
      let value = number("\(stack)/scale_embeddings") ?? number("\(stack)/embeddings/multiply_by_sqrt_depth")
      // A flag of 0 and a factor of 1 say the same, a flag of 1 says √width; a file has flags as int8.
      let isFlag = !file.isFloat("\(stack)/scale_embeddings")
      scales.append(value.map { isFlag ? ($0 != 0 ? root : 1) : Float($0) } ?? root)
    }
    guard scales[0] == scales[1] else {
      throw error("embeddings are scaled by \(scales[0]) and \(scales[1])")
    }
    return scales[0]
  }

  private func readPositions(_ a: inout Architecture) throws(SourceError) {
    guard let table = storedPositions else {
      (a.positionEncoding, a.firstPosition, a.positions) = (.halves, 1, Self.longest)
      return
    }
    let name = "decoder/position_encodings/encodings"
    guard let other = file.weights.tensor(named: name), other.shape == table.shape,
      table.rowLength == a.width,
      table.rowCount > 0
    else {
      throw error("the tables of positions of encoder and decoder differ in shape")
    }
    a.positions = min(table.rowCount, 65_536)
    a.positionEncoding = .learned
    if try Sinusoids.areInterleaved(table), try Sinusoids.areInterleaved(other) {
      a.positionEncoding = .interleaved
      a.positions = min(a.positions, Self.longest)
    }
  }

  /// Numbers that nothing here took: they must leave the computation as it is.
  func checkNothingLeft() throws(SourceError) {
    // How several embeddings of a token are merged says nothing where there is one: a second one would be left over.
    let harmless: Set<String> = [
      "alignment_layer", "alignment_heads", "embeddings_merge", "unk_token", "bos_token", "eos_token",
    ]
    let neutral: [String: Double] = [
      "alibi": 0, "alibi_use_positive_positions": 0, "scale_alibi": 0,
      "multi_query_attention": 0, "quant_method": 0,
    ]
    for name in file.numberNames where !taken.contains(name) {
      let last = String(name.split(separator: "/").last ?? "")
      if harmless.contains(last) { continue }
      let value = file.number(name) ?? .nan
      guard value == neutral[last] else { throw error("\(name) \(value) is not supported") }
    }
  }

  /// A number that is whole, and no more than some file could mean: floats hold any.
  private func whole(_ number: Double?) -> Int? {
    number.flatMap { Int(exactly: $0) }.flatMap { (-65_536...65_536).contains($0) ? $0 : nil }
  }

  private func count(_ stack: String) -> Int {
    var count = 0
    while file.weights.tensor(named: "\(stack)/layer_\(count)/self_attention/linear_0/weight") != nil {
      count += 1
    }
    return count
  }

  private func matrix(_ names: [String]) throws(SourceError) -> SourceTensor {
    guard let tensor = names.lazy.compactMap({ [file] in file.weights.tensor(named: $0) }).first,
      tensor.shape.count == 2, !tensor.shape.contains(0)
    else { throw error("has no matrix \(names[0]), or an empty one") }
    return tensor
  }

  private func error(_ reason: String) -> SourceError { .unsupported(file: file.path, reason: reason) }
}

extension CTranslate2Model {
  /// The names of variables, which are those of the specification.
  static func names(_ a: Architecture) -> NameTable {
    func stack(_ name: String) -> [TensorPart: Recipe] {
      let layer: [TensorPart: Recipe] = [
        .selfQueryKeyValue: .linear("self_attention/linear_0", bias: .ifPresent),
        .selfOutput: .linear("self_attention/linear_1", bias: .ifPresent),
        .selfNorm: .norm("self_attention/layer_norm"),
        .crossQuery: .linear("attention/linear_0", bias: .ifPresent),
        .crossKeyValue: .linear("attention/linear_1", bias: .ifPresent),
        .crossOutput: .linear("attention/linear_2", bias: .ifPresent),
        .crossNorm: .norm("attention/layer_norm"),
        .feedForwardIn: a.isGated
          ? .linear("ffn/linear_0", "ffn/linear_0_noact", bias: .ifPresent)
          : .linear("ffn/linear_0", bias: .ifPresent),
        .feedForwardOut: .linear("ffn/linear_1", bias: .ifPresent),
        .feedForwardNorm: .norm("ffn/layer_norm"),
      ]
      let own: [TensorPart: Recipe] = [
        .embeddingNorm: .norm("layernorm_embedding"), .finalNorm: .norm("layer_norm"),
        .positionEmbedding: .table("position_encodings/encodings"),
      ]
      return (layer.prefixed("layer_#/") + own).prefixed("\(name)/")
    }
    let source = ["encoder/embeddings/weight", "encoder/embeddings_0/weight"]
    let target = ["decoder/embeddings/weight"]
    return [
      .shared: [
        .sourceEmbedding: .table(a.sharesEmbeddings ? source + target : source),
        .targetEmbedding: .table(target),
        .output: .table(["decoder/projection/weight"], bias: ["decoder/projection/bias"]),
      ],
      .encoder: stack("encoder"), .decoder: stack("decoder"),
    ]
  }
}
