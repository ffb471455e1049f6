import Foundation

/// The positions of Marian models: sines in the first half of a row, cosines in the second.
public enum Sinusoids {
  /// The row of one position: `width` numbers, computed in Double and rounded once.
  ///
  /// Number i of either half has the frequency 10000^(−2i / width).
  public static func row(position: Int, width: Int) -> [Float] {
    let half = (width + 1) / 2
    return (0..<width).map { place in
      let index = place < half ? place : place - half
      let angle = Double(position) / pow(10000, 2 * Double(index) / Double(width))
      return Float(place < half ? sin(angle) : cos(angle))
    }
  }

  /// The frequencies 10000^(−2i / width), ⌈width / 2⌉ of them: transformers' `MarianSinusoidalPositionalEmbedding`.
  public static func frequencies(width: Int) -> [Float] {
    (0..<(width + 1) / 2).map { Float(pow(10_000, -2 * Double($0) / Double(width))) }
  }

  /// Whether a stored table, positions × width, holds the sinusoids of the paper by turns: from position 0, up to the
  /// rounding of its type.
  package static func areInterleaved(_ table: SourceTensor) throws(SourceError) -> Bool {
    let frequencies = (0..<(table.rowLength + 1) / 2).map {
      pow(10_000, -2 * Double($0) / Double(table.rowLength))
    }
    for position in 0..<table.rowCount {
      let found = try table.floats(rows: position..<position + 1)
      // Angles were computed in float32.
      let tolerance = max(table.type.tolerance, Float(position) * 1e-6)
      for place in found.indices {
        let angle = Double(position) * frequencies[place / 2]
        let expected = Float(place % 2 == 0 ? sin(angle) : cos(angle))
        if !(abs(found[place] - expected) <= tolerance) { return false }
      }
    }
    table.release()
    return true
  }

  /// Checks that a stored table, positions × width, holds the sinusoids, up to the rounding of its type.
  ///
  /// - Throws: `SourceError.tensors` with the first number that doesn't.
  package static func check(_ table: SourceTensor) throws(SourceError) {
    for position in 0..<table.rowCount {
      let expected = row(position: position, width: table.rowLength)
      let found = try table.floats(rows: position..<position + 1)
      for place in found.indices where !(abs(found[place] - expected[place]) <= table.type.tolerance) {
        let index = position * table.rowLength + place
        throw table.error(.notSinusoidal(index: index, found: found[place], expected: expected[place]))
      }
    }
    table.release()
  }
}
