import Foundation
import SourcesTestSupport

/// Marian's equations written down once more, in Double, token by token and without caches: slow, short, and
/// with nothing in common with the reference but the equations.
struct NaiveMarian {
  let model: TinyMarian

  typealias Rows = [[Double]]

  func logits(source: [Int], target: [Int]) -> Rows {
    var encoded = embed(source, "encoder")
    for layer in 0..<model.layers.encoder {
      let name = "model.encoder.layers.\(layer)"
      encoded = residual(encoded, "\(name).self_attn_layer_norm") {
        attend($0, $0, "\(name).self_attn", false)
      }
      encoded = residual(encoded, "\(name).final_layer_norm") { feedForward($0, name) }
    }
    if model.before { encoded = norm(encoded, "model.encoder.layer_norm") }
    var states = embed(target, "decoder")
    for layer in 0..<model.layers.decoder {
      let name = "model.decoder.layers.\(layer)"
      states = residual(states, "\(name).self_attn_layer_norm") { attend($0, $0, "\(name).self_attn", true) }
      states = residual(states, "\(name).encoder_attn_layer_norm") {
        attend($0, encoded, "\(name).encoder_attn", false)
      }
      states = residual(states, "\(name).final_layer_norm") { feedForward($0, name) }
    }
    if model.before { states = norm(states, "model.decoder.layer_norm") }
    let table = rows(model.ties ? tableName("decoder") : "lm_head.weight")
    let bias = rows("final_logits_bias")[0]
    return states.map { state in zip(table, bias).map { dot($0, state) + $1 } }
  }

  private func tableName(_ stack: String) -> String {
    model.shares ? "model.shared.weight" : "model.\(stack).embed_tokens.weight"
  }

  private func embed(_ ids: [Int], _ stack: String) -> Rows {
    let table = rows(tableName(stack))
    let half = model.width / 2
    let embedded = ids.enumerated().map { position, id in
      (0..<model.width).map { place in
        let angle = Double(position) / pow(10000, 2 * Double(place % half) / Double(model.width))
        let scaled = table[id][place] * (model.scales ? sqrt(Double(model.width)) : 1)
        return scaled + (place < half ? sin(angle) : cos(angle))
      }
    }
    return model.normalizesEmbedding ? norm(embedded, "model.\(stack).layernorm_embedding") : embedded
  }

  private func residual(_ states: Rows, _ name: String, _ block: (Rows) -> Rows) -> Rows {
    let added = zip(states, block(model.before ? norm(states, name) : states)).map { zip($0, $1).map(+) }
    return model.before ? added : norm(added, name)
  }

  private func attend(_ states: Rows, _ memory: Rows, _ name: String, _ causal: Bool) -> Rows {
    let (queries, keys) = (linear(states, "\(name).q_proj"), linear(memory, "\(name).k_proj"))
    let values = linear(memory, "\(name).v_proj")
    let size = model.width / model.heads
    let mixed = queries.enumerated().map { place, query in
      (0..<model.heads).flatMap { head in
        let part = head * size..<(head + 1) * size
        let visible = causal ? 0..<place + 1 : 0..<memory.count
        let exponents = visible.map {
          exp(dot(Array(query[part]), Array(keys[$0][part])) / sqrt(Double(size)))
        }
        let sum = exponents.reduce(0, +)
        return part.map { column in visible.reduce(0) { $0 + exponents[$1] / sum * values[$1][column] } }
      }
    }
    return linear(mixed, "\(name).out_proj")
  }

  private func feedForward(_ states: Rows, _ name: String) -> Rows {
    let inner = linear(states, "\(name).fc1").map { row in
      row.map { model.activation == "relu" ? max($0, 0) : $0 / (1 + exp(-$0)) }
    }
    return linear(inner, "\(name).fc2")
  }

  private func linear(_ states: Rows, _ name: String) -> Rows {
    let (weight, bias) = (rows("\(name).weight"), rows("\(name).bias"))
    return states.map { state in zip(weight, bias).map { dot($0, state) + $1[0] } }
  }

  private func norm(_ states: Rows, _ name: String) -> Rows {
    let (weight, bias) = (rows("\(name).weight"), rows("\(name).bias"))
    return states.map { state in
      let mean = state.reduce(0, +) / Double(state.count)
      let variance = state.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(state.count)
      return state.indices.map { (state[$0] - mean) / sqrt(variance + 1e-5) * weight[$0][0] + bias[$0][0] }
    }
  }

  private func dot(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func rows(_ name: String) -> Rows {
    guard let tensor = model.tensors[name] else { return [] }
    let values = unsafe tensor.bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { unsafe Double(bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)) }
    }
    let length = tensor.shape.dropFirst().reduce(1, *)
    return stride(from: 0, to: values.count, by: length).map { Array(values[$0..<$0 + length]) }
  }
}
