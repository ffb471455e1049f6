import Foundation
import SourcesTestSupport
import SwiftletSources
import Testing

@Suite struct MarianTensorsTests {
  private func read(_ model: TinyMarian) throws -> MarianTensors {
    let directory = try TemporaryDirectory()
    try model.write(to: directory)
    let source = try HuggingFaceDirectory(path: directory.path)
    return try MarianTensors(try source.marianConfiguration(), try source.weights())
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
    let model = TinyMarian()
    let tensors = try read(model)
    #expect(tensors.all.count == model.tensors.count)
    #expect(tensors.encoderLayers.count == 2)
    #expect(tensors.decoderLayers.count == 1)
    #expect(tensors.projection.name == "model.shared.weight")
    #expect(
      tensors.decoderLayers[0].crossAttention.key.bias.name
        == "model.decoder.layers.0.encoder_attn.k_proj.bias")
    #expect(tensors.encoderLayers[1].feedForward.expand.weight.shape == [20, 12])
    #expect(tensors.encoderFinalNorm == nil)
    try tensors.checkFinite()
  }

  @Test func findsSeparateTables() throws {
    let tensors = try read(TinyMarian { ($0.shares, $0.ties, $0.targetVocabulary) = (false, false, 13) })
    #expect(tensors.encoderEmbedding.shape == [11, 12])
    #expect(tensors.decoderEmbedding.name == "model.decoder.embed_tokens.weight")
    #expect(tensors.projection.name == "lm_head.weight")
  }

  @Test func findsNormsOfPreNorm() throws {
    let tensors = try read(TinyMarian { ($0.before, $0.normalizesEmbedding) = (true, true) })
    #expect(tensors.encoderFinalNorm?.weight.name == "model.encoder.layer_norm.weight")
    #expect(tensors.decoderEmbeddingNorm?.bias.name == "model.decoder.layernorm_embedding.bias")
  }

  @Test func theBiasOfTheLogitsMayBeAbsent() throws {
    var model = TinyMarian()
    model.tensors["final_logits_bias"] = nil
    #expect(try read(model).finalLogitsBias == nil)
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
    #expect(refusal(model).hasSuffix("tensor \(name) has dtype I32: only F32, F16 and BF16 can be read"))
  }

  @Test func copiesOfASharedTableMustBeEqual() throws {
    var model = TinyMarian()
    var copy = try #require(model.tensors["model.shared.weight"])
    copy.name = "lm_head.weight"
    model.tensors[copy.name] = copy
    #expect(try read(model).projection.name == "model.shared.weight")
    #expect(try read(model).all.count == model.tensors.count - 1)
    copy.bytes[4 * 7 + 3] ^= 0x80
    model.tensors[copy.name] = copy
    #expect(refusal(model).contains("lm_head.weight differs from model.shared.weight at index 7"))
  }

  @Test func storedPositionsMustBeSinusoids() throws {
    var model = TinyMarian()
    let name = "model.encoder.embed_positions.weight"
    var values = (0..<model.positions).flatMap { Sinusoids.row(position: $0, width: model.width) }
    model.tensors[name] = .init(name, [model.positions, model.width], values)
    #expect(try read(model).all.count == model.tensors.count - 1)
    let half = values.flatMap { SafetensorsBytes.littleEndian(Float16($0).bitPattern) }
    model.tensors[name] = .init(name, type: "F16", shape: [model.positions, model.width], bytes: half)
    #expect(try read(model).all.count == model.tensors.count - 1)
    values[25] += 0.01
    model.tensors[name] = .init(name, [model.positions, model.width], values)
    #expect(refusal(model).contains("learned positions are not supported"))
    #expect(refusal(model).contains("at index 25"))
  }

  @Test func numbersMustBeFinite() throws {
    var model = TinyMarian()
    let name = "model.decoder.layers.0.final_layer_norm.weight"
    model.tensors[name] = .init(name, [12], [Float](repeating: 1, count: 11) + [.infinity])
    let tensors = try read(model)
    let error = #expect(throws: SourceError.self) { try tensors.checkFinite() }
    #expect(error?.description.hasSuffix("tensor \(name) has inf at index 11") == true)
  }
}
