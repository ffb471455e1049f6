import Foundation
import SwiftletModelFile

extension FloatModel {
  /// Embeddings, scaled, with positions and segments, normalised and projected: ids × width.
  ///
  /// - Parameter segments: the kind of segment of each id; empty for kind 0.
  func embed(_ ids: [Int], segments: [Int] = [], from first: Int, _ stack: FloatStack) -> FloatMatrix {
    guard let table = stack.embedding else { preconditionFailure("a stack without layers embeds nothing") }
    let width = table.columns
    var result = FloatMatrix(rows: ids.count, columns: width)
    for (row, id) in ids.enumerated() {
      let position = position(first + row, stack, width)
      for column in 0..<width {
        result.values[row * width + column] =
          table.values[id * width + column] * architecture.embeddingScale + position[column]
      }
    }
    addSegments(segments, to: &result)
    let normal = stack.embeddingNorm?(result) ?? result
    return architecture.embeddingWidth > 0 ? tensors[.shared, .embeddingProjection](normal) : normal
  }

  /// What the place of a token adds to its embedding.
  private func position(_ place: Int, _ stack: FloatStack, _ width: Int) -> [Float] {
    switch architecture.positionEncoding {
    case .none: return [Float](repeating: 0, count: width)
    case .learned: return Array(stack.positions?.values[place * width..<(place + 1) * width] ?? [])
    case .halves, .interleaved:
      let frequencies = tensors[.shared, .positionFrequencies].values
      let isHalves = architecture.positionEncoding == .halves
      return (0..<width).map { column in
        let index = isHalves ? column % frequencies.count : column / 2
        let angle = Double(architecture.firstPosition + place) * Double(frequencies[index])
        let isSine = isHalves ? column < frequencies.count : column % 2 == 0
        return Float(isSine ? sin(angle) : cos(angle))
      }
    }
  }

  private func addSegments(_ segments: [Int], to states: inout FloatMatrix) {
    guard architecture.segments > 0 else { return }
    let table = tensors[.shared, .segmentEmbedding]
    for row in 0..<states.rows {
      let kind = segments.isEmpty ? 0 : segments[row]
      for column in 0..<states.columns {
        states.values[states.start(row) + column] += table.values[kind * states.columns + column]
      }
    }
  }
}
