import Foundation
import SourcesTestSupport
import SwiftletFamilies
import SwiftletModelFile
import SwiftletSources
import Testing

@Suite struct MarianTensorsTests {
  private func read(_ model: TinyMarian) throws -> ImportedModel {
    let directory = try TemporaryDirectory()
    try model.write(to: directory)
    return try ModelImporter.load(directory.path)
  }

  /// The file's tensors and rows that a part of the model is made from.
  private func origin(
    _ model: ImportedModel, _ stack: Stack, _ part: TensorPart, layer: Int = 0
  ) -> String {
    let identity = model.tensor(TensorName(stack, layer: layer, part)).rows.identity ?? ""
    return identity.split(separator: "\n").map { $0.split(separator: "#")[1] }.joined(separator: " ")
  }

  private func refusal(_ model: TinyMarian) -> String {
    do {
      _ = try read(model)
      return "accepted"
    } catch {
      // Without the directory's or the file's path.
      return "\(error)".split(separator: ": ", maxSplits: 1).last.map(String.init) ?? ""
    }
  }

  @Test func findsEveryPart() throws {
    let model = try read(TinyMarian())
    let list = TensorList(model.architecture)
    #expect(model.tensors.count == list.count)
    for index in 0..<list.count {
      let (tensor, expected) = (model.tensor(list[index].name), list[index])
      #expect(tensor.rows.rowCount == expected.rows)
      #expect(try tensor.rows.floats().count == expected.rows * expected.columns)
      #expect(try tensor.bias.map { try $0.floats().count == expected.rows } ?? true)
    }
    #expect(origin(model, .shared, .output) == "model.shared.weight")
    let attention = "model.decoder.layers.0.encoder_attn"
    #expect(
      origin(model, .decoder, .crossKeyValue) == "\(attention).k_proj.weight \(attention).v_proj.weight")
    #expect(origin(model, .encoder, .feedForwardIn, layer: 1) == "model.encoder.layers.1.fc1.weight")
  }

  @Test func findsSeparateTables() throws {
    let model = try read(TinyMarian { ($0.shares, $0.ties, $0.targetVocabulary) = (false, false, 13) })
    #expect(origin(model, .shared, .sourceEmbedding) == "model.encoder.embed_tokens.weight")
    #expect(origin(model, .shared, .targetEmbedding) == "model.decoder.embed_tokens.weight")
    #expect(origin(model, .shared, .output) == "lm_head.weight")
  }

  @Test func findsNormsOfPreNorm() throws {
    let model = try read(TinyMarian { ($0.before, $0.normalizesEmbedding) = (true, true) })
    let norm = "model.encoder.layer_norm"
    #expect(origin(model, .encoder, .finalNorm) == "\(norm).weight \(norm).bias")
    #expect(origin(model, .decoder, .embeddingNorm).hasSuffix("model.decoder.layernorm_embedding.bias"))
  }

  @Test func theBiasOfTheLogitsMayBeAbsent() throws {
    var model = TinyMarian()
    model.tensors["final_logits_bias"] = nil
    #expect(try read(model).tensor(TensorName(.shared, .output)).bias == nil)
  }

  @Test func namesWhatIsWrong() {
    var model = TinyMarian()
    model.tensors["model.encoder.layers.1.fc2.bias"] = nil
    #expect(refusal(model) == "tensor model.encoder.layers.1.fc2.bias is missing")
    model = TinyMarian()
    model.tensors["model.shared.weight"] = nil
    #expect(
      refusal(model).hasPrefix("tensor model.shared.weight is missing (so is model.encoder.embed_tokens"))
    model = TinyMarian()
    model.tensors["x"] = .init("x", [1], [0])
    #expect(refusal(model) == "tensor x belongs to no part of the model that config.json describes")
    model = TinyMarian()
    model.tensors["lm_head.weight"] = .init("lm_head.weight", [1, 1], [0])
    #expect(refusal(model) == "tensor lm_head.weight has shape [1, 1], config.json implies [11, 12]")
    model = TinyMarian()
    let name = "model.encoder.layers.0.fc1.bias"
    model.tensors[name] = .init(name, type: "I32", shape: [20], bytes: [UInt8](repeating: 0, count: 80))
    #expect(refusal(model).hasSuffix("tensor \(name) has dtype I32: only F32, F16, BF16 and F64 can be read"))
  }

  @Test func copiesOfASharedTableMustBeEqual() throws {
    var model = TinyMarian()
    var copy = try #require(model.tensors["model.shared.weight"])
    copy.name = "lm_head.weight"
    model.tensors[copy.name] = copy
    #expect(origin(try read(model), .shared, .output) == "model.shared.weight")
    copy.bytes[4 * 7 + 3] ^= 0x80
    model.tensors[copy.name] = copy
    #expect(refusal(model).contains("lm_head.weight differs from model.shared.weight at index 7"))
  }

  @Test func storedPositionsMustBeSinusoids() throws {
    var model = TinyMarian()
    let name = "model.encoder.embed_positions.weight"
    var values = (0..<model.positions).flatMap { Sinusoids.row(position: $0, width: model.width) }
    model.tensors[name] = .init(name, [model.positions, model.width], values)
    _ = try read(model)
    let half = values.flatMap { SafetensorsBytes.littleEndian(Float16($0).bitPattern) }
    model.tensors[name] = .init(name, type: "F16", shape: [model.positions, model.width], bytes: half)
    _ = try read(model)
    values[25] += 0.01
    model.tensors[name] = .init(name, [model.positions, model.width], values)
    #expect(refusal(model).contains("learned positions are not supported"))
    #expect(refusal(model).contains("at index 25"))
  }

  @Test func numbersMustBeFinite() throws {
    var model = TinyMarian()
    let name = "model.decoder.layers.0.final_layer_norm.weight"
    model.tensors[name] = .init(name, [12], [Float](repeating: 1, count: 11) + [.infinity])
    let norm = try read(model).tensor(TensorName(.decoder, .feedForwardNorm))
    let error = #expect(throws: SourceError.self) { try norm.rows.floats() }
    #expect(error?.description.hasSuffix("tensor \(name) has inf at index 11") == true)
  }
}
