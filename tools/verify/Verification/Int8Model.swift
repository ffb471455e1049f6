import Swiftlet
import SwiftletDecoding
import SwiftletModelFile
import SwiftletTokenizers
import SwiftletTransformer

/// The int8 model under test, if it has a decoder: what the device runs, step by step, with its states laid open.
struct Int8Model: ~Copyable {
  private var translator: Translator

  init(_ file: consuming ModelFile) throws(SwiftletError) {
    let architecture = file.architecture
    var greedy = SearchSettings()
    greedy.firstToken = file.decoding.firstToken
    // A decoder alone reads whole texts.
    translator =
      architecture.encoderLayers > 0
      ? try Translator(file, search: greedy)
      : try Translator(file, source: min(architecture.positions - 1, 512), target: 1, search: greedy)
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

  /// The tokens of a given target with the end token, or nil if it is too long.
  func target(_ text: String) -> [Int]? {
    let decoding = decoding
    let encoder = TokenEncoder(longest: longestTarget - 2)
    guard let ids = try? encoder.encode(text, translator.targetTokenizer, usesTemplate: false) else {
      return nil
    }
    return (decoding.firstToken.map { [$0] } ?? []) + ids + [decoding.endToken]
  }

  /// The target tokens that are no text: those that begin or end one, or name its language.
  var controlTokens: Set<Int> {
    let tokenizer = translator.targetTokenizer
    return Set((0..<tokenizer.vocabularySize).filter { tokenizer.pieceType(UInt32($0)) == .control })
  }

  /// The text of target tokens.
  func text(_ ids: [Int]) -> String { translator.targetTokenizer.text(ids) }

  /// The text of one target token, as the vocabulary has it.
  func piece(_ id: Int) -> String { translator.targetTokenizer.piece(id) }

  /// Encodes a source; returns the states after each layer, tokens × width.
  mutating func encode(_ source: [Int]) -> [[Float]] {
    translator.workspace.states(ofLayers: source, translator.model)
  }

  /// Begins a target of the source that was encoded, or a text of a decoder alone.
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

func array(_ span: Span<Float>) -> [Float] { unsafe span.withUnsafeBufferPointer { unsafe Array($0) } }
func array(_ span: Span<UInt32>) -> [Int] { span.indices.map { Int(span[$0]) } }

/// A model that several can use in turn.
final class Shared<Model: ~Copyable> {
  var model: Model
  init(_ model: consuming Model) { self.model = model }
}
