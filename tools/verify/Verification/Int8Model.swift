import Swiftlet
import SwiftletModelFile

/// The int8 model under test: what the device runs, step by step, with its states laid open.
struct Int8Model: ~Copyable {
  private var translator: Translator
  let path: String

  init(path: String) throws {
    do { translator = try Translator(path: path) } catch { throw VerificationError.model(path: path, error) }
    self.path = path
  }

  var architecture: Architecture { translator.model.architecture }
  var decoding: DecodingDefaults { translator.model.file.decoding }
  var longestSource: Int { translator.layout.limits.source }
  var longestTarget: Int { translator.layout.limits.target }

  /// The source tokens and the greedy translation of a text, or nil if it is empty or too long.
  mutating func translate(_ text: String) -> (source: [Int], target: [Int])? {
    let bytes = Array(text.utf8)
    do { try translator.translate(bytes.span) } catch { return nil }
    guard translator.sourceIDs.count > 1 else { return nil }
    return (array(translator.sourceIDs), array(translator.ids))
  }

  /// Encodes a source; returns the states after each layer, tokens × width.
  mutating func encode(_ source: [Int]) -> [[Float]] {
    let ids = source.map { UInt32($0) }
    var layers: [[Float]] = []
    translator.workspace.beginEncoding(ids.span, translator.model)
    for layer in 0..<architecture.encoderLayers {
      translator.workspace.encoderLayer(layer, translator.model)
      layers.append(
        array(translator.workspace.encoderStates.extracting(first: source.count * architecture.width)))
    }
    translator.workspace.finishEncoding(translator.model)
    return layers
  }

  /// Decodes one token; returns the state after each layer, and the log-probabilities of the next token.
  mutating func step(_ token: Int) -> (layers: [[Float]], logits: [Float]) {
    var layers: [[Float]] = []
    translator.workspace.beginStep(token, translator.model)
    for layer in 0..<architecture.decoderLayers {
      translator.workspace.decoderLayer(layer, translator.model)
      layers.append(array(translator.workspace.decoderStates.extracting(first: architecture.width)))
    }
    translator.workspace.finishStep(translator.model)
    return (layers, array(translator.workspace.nextLogits.extracting(first: architecture.targetVocabulary)))
  }
}

private func array(_ span: Span<Float>) -> [Float] { span.indices.map { span[$0] } }
private func array(_ span: Span<UInt32>) -> [Int] { span.indices.map { Int(span[$0]) } }
