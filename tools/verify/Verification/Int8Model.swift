import Swiftlet
import SwiftletModelFile
import SwiftletTransformer

/// The int8 model under test, if it has a decoder: what the device runs, step by step, with its states laid open.
struct Int8Model: ~Copyable {
  private var translator: Translator

  init(_ file: consuming ModelFile) throws(SwiftletError) {
    let architecture = file.architecture
    // A decoder alone reads whole texts.
    translator =
      architecture.encoderLayers > 0
      ? try Translator(file) : try Translator(file, source: min(architecture.positions - 1, 512), target: 1)
  }

  var architecture: Architecture { translator.model.architecture }
  var decoding: DecodingDefaults { translator.model.file.decoding }
  var longestTarget: Int { translator.layout.limits.target }

  /// The tokens of a text, or nil if it is empty or too long.
  mutating func tokens(_ text: String) -> [Int]? {
    let bytes = Array(text.utf8)
    translator.clear()
    do { try translator.add(bytes.span) } catch { return nil }
    return translator.sourceIDs.isEmpty ? nil : array(translator.sourceIDs)
  }

  /// The source tokens and the greedy translation of a text, or nil if it is empty or too long.
  mutating func translate(_ text: String) -> (source: [Int], target: [Int])? {
    guard let source = tokens(text) else { return nil }
    translator.translateAll()
    do { try translator.select(0) } catch { return nil }
    return (source, array(translator.ids))
  }

  /// Encodes a source; returns the states after each layer, tokens × width.
  mutating func encode(_ source: [Int]) -> [[Float]] {
    translator.workspace.states(ofLayers: source, translator.model)
  }

  /// Begins a text of a decoder alone.
  mutating func begin() { translator.workspace.begin(0, source: 0) }

  /// Decodes one token; returns the state after each layer, and the scores of the next token.
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

extension Workspace {
  /// Encodes a source; returns the states after each layer, tokens × width.
  mutating func states(ofLayers source: [Int], _ model: borrowing Model) -> [[Float]] {
    let ids = source.map { UInt32($0) }
    var layers: [[Float]] = []
    beginEncoding(ids.span, model)
    for layer in 0..<model.architecture.encoderLayers {
      encoderLayer(layer, model)
      layers.append(array(encoderStates.extracting(first: source.count * model.architecture.width)))
    }
    finishEncoding(model)
    return layers
  }
}

func array(_ span: Span<Float>) -> [Float] { span.indices.map { span[$0] } }
func array(_ span: Span<UInt32>) -> [Int] { span.indices.map { Int(span[$0]) } }
