import Swiftlet
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTransformer

extension Translator {
  /// Writes what the tokens of the selected sentence attended to.
  mutating func writeAttention(_ text: Span<UInt8>, to file: inout AttentionFile) {
    let architecture = model.architecture
    // Of a decoder alone its own, of an encoder and a decoder all three.
    let kinds = architecture.hasCrossAttention ? 0..<3 : 1..<2
    // From here on it is known what the decoder reads.
    attend(.decoder, layer: 0)
    for number in kinds {
      let kind = AttentionKind(rawValue: number) ?? .decoder
      file.measure(
        rows: rowLabels(kind), columns: columnLabels(kind), layers: layers(kind), heads: architecture.heads)
    }
    file.begin(text, self.text)
    for number in kinds {
      let kind = AttentionKind(rawValue: number) ?? .decoder
      file.begin(kind, rows: rowLabels(kind), columns: columnLabels(kind), heads: architecture.heads)
      for layer in 0..<layers(kind) {
        attend(kind, layer: layer)
        file.add(maps, layer: layer, heads: architecture.heads)
      }
      file.endKind()
    }
  }

  private func layers(_ kind: AttentionKind) -> Int {
    kind == .encoder ? model.architecture.encoderLayers : model.architecture.decoderLayers
  }

  @_lifetime(borrow self)
  private func rowLabels(_ kind: AttentionKind) -> TokenLabels {
    let labels = TokenLabels(rows(of: kind), kind == .encoder ? sourceTokenizer : targetTokenizer)
    return unsafe _overrideLifetime(labels, borrowing: self)
  }

  @_lifetime(borrow self)
  private func columnLabels(_ kind: AttentionKind) -> TokenLabels {
    let labels = TokenLabels(columns(of: kind), kind == .decoder ? targetTokenizer : sourceTokenizer)
    return unsafe _overrideLifetime(labels, borrowing: self)
  }
}

extension Embedder {
  /// Writes what the tokens of the last text attended to.
  mutating func writeAttention(_ text: Span<UInt8>, to file: inout AttentionFile) {
    let (layers, heads) = (model.architecture.encoderLayers, model.architecture.heads)
    file.measure(rows: labels, columns: labels, layers: layers, heads: heads)
    file.begin(text, nil)
    file.begin(.encoder, rows: labels, columns: labels, heads: heads)
    for layer in 0..<layers {
      attend(layer: layer)
      file.add(maps, layer: layer, heads: heads)
    }
    file.endKind()
  }

  private var labels: TokenLabels {
    @_lifetime(borrow self)
    get { TokenLabels(ids, tokenizer) }
  }
}

extension AttentionFile {
  /// Makes the file at `path`, and has `body` write to it. Returns whether all was written; if not, says why.
  static func write(_ path: Word, _ body: (inout AttentionFile) -> Void) -> Bool {
    var buffer = InlineArray<4096, UInt8>(repeating: 0)
    var span = buffer.mutableSpan
    let failure = unsafe span.withUnsafeMutableBytes { buffer in
      do throws(SystemError) {
        var file = try unsafe AttentionFile(path, buffer: buffer)
        body(&file)
        return file.end()
      } catch { return error }
    }
    guard let failure else { return true }
    Console.complain {
      unsafe $0.write(path.bytes)
      $0.write(": ")
      failure.describe(to: &$0)
    }
    return false
  }
}
