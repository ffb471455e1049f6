import Foundation
import SwiftletFloatReference
import SwiftletModelFile

/// Factors of channels that a conversion put into one tensor and took from another: rows of W become row · column
/// times as large, and the function stays the same.
///
/// Three kinds of joints allow that: values and the projection behind attention, queries and keys, both projections of a
/// feed-forward network whose activation is linear in them; and with a norm before the sublayer, its gain and the
/// projection behind it. What the factors of a joint do not cancel stays in the weights, as an error of both.
struct ChannelScales {
  /// The factor of each row; none for 1.
  private(set) var rows: [TensorName: [Float]] = [:]
  /// The factor of each column; none for 1.
  private(set) var columns: [TensorName: [Float]] = [:]

  /// Factors nearer to 1 than this are rounding.
  private static let least = 0.05

  /// Finds them by least squares.
  init(_ reference: FloatModel, _ tensors: [TensorName: DequantizedTensor]) {
    let a = reference.architecture
    for (stack, count) in [(Stack.encoder, a.encoderLayers), (.decoder, a.decoderLayers)] {
      for layer in 0..<count { find(stack, layer, reference, tensors) }
    }
  }

  /// Whether a tensor has factors.
  func hasScales(_ name: TensorName) -> Bool { rows[name] != nil || columns[name] != nil }

  /// What a weight is divided by.
  func factor(_ name: TensorName, _ row: Int, _ column: Int) -> Float {
    rowFactor(name, row) * columnFactor(name, column)
  }

  /// What a row's bias is divided by.
  func rowFactor(_ name: TensorName, _ row: Int) -> Float { rows[name]?[row] ?? 1 }

  /// A column's part of what a weight is divided by.
  func columnFactor(_ name: TensorName, _ column: Int) -> Float { columns[name]?[column] ?? 1 }

  private mutating func find(
    _ stack: Stack, _ layer: Int, _ reference: FloatModel, _ tensors: [TensorName: DequantizedTensor]
  ) {
    let a = reference.architecture
    func name(_ part: TensorPart) -> TensorName { TensorName(stack, layer: layer, part) }
    if a.normPlacement == .pre {
      for (norm, part) in [
        (TensorPart.selfNorm, TensorPart.selfQueryKeyValue), (.crossNorm, .crossQuery),
        (.feedForwardNorm, .feedForwardIn),
      ] where tensors[name(norm)] != nil { takeNorm(name(norm), name(part), reference, tensors) }
    }
    let (size, group) = (a.headWidth, a.heads / a.keyValueHeads)
    /// The queries' channels that meet a channel of keys, or the attention's that hold one of values.
    let heads: [[Int]] = (0..<a.keyValueWidth).map { channel in
      (0..<group).map { (channel / size * group + $0) * size + channel % size }
    }
    let keys = Array(0..<a.keyValueWidth)
    var joints = [
      Joint(
        first: name(.selfQueryKeyValue), firstRows: keys.map { a.attentionWidth + a.keyValueWidth + $0 },
        second: name(.selfOutput), second: .columns, places: heads),
      Joint(
        first: name(.selfQueryKeyValue), firstRows: keys.map { a.attentionWidth + $0 },
        second: name(.selfQueryKeyValue), second: .rows, places: heads),
    ]
    if tensors[name(.crossQuery)] != nil {
      joints += [
        Joint(
          first: name(.crossKeyValue), firstRows: keys.map { a.keyValueWidth + $0 },
          second: name(.crossOutput), second: .columns, places: heads),
        Joint(
          first: name(.crossKeyValue), firstRows: keys, second: name(.crossQuery), second: .rows,
          places: heads),
      ]
    }
    let inner = reference.tensor(name(.feedForwardOut)).columns
    if a.isGated || a.activation == .relu || a.activation == .none {
      joints.append(
        Joint(
          first: name(.feedForwardIn), firstRows: (0..<inner).map { a.isGated ? inner + $0 : $0 },
          second: name(.feedForwardOut), second: .columns, places: (0..<inner).map { [$0] }))
    }
    for joint in joints { take(joint, reference, tensors) }
  }

  /// Channels of one tensor's rows that meet rows or columns of another.
  private struct Joint {
    enum Side { case rows, columns }
    let first: TensorName
    let firstRows: [Int]
    let second: TensorName
    let secondSide: Side
    let places: [[Int]]

    init(first: TensorName, firstRows: [Int], second: TensorName, second side: Side, places: [[Int]]) {
      self.first = first
      self.firstRows = firstRows
      self.second = second
      secondSide = side
      self.places = places
    }
  }

  private mutating func take(
    _ joint: Joint, _ reference: FloatModel, _ tensors: [TensorName: DequantizedTensor]
  ) {
    guard let first = tensors[joint.first], let second = tensors[joint.second] else { return }
    let firstGains = rowGains(reference.tensor(joint.first).values, first, columns[joint.first])
    let secondGains =
      joint.secondSide == .rows
      ? rowGains(reference.tensor(joint.second).values, second, columns[joint.second])
      : columnGains(reference.tensor(joint.second).values, second)
    // Half of what is between both gains: the rest, their product, is an error.
    let scales = zip(joint.firstRows, joint.places).map { row, places -> Double in
      let others = places.map { secondGains[$0] }
      let mean = others.reduce(0) { $0 + log($1) } / Double(others.count)
      let scale = (log(firstGains[row]) - mean) / 2
      return scale.isFinite ? scale : 0
    }
    guard scales.contains(where: { abs($0) > Self.least }) else { return }
    for (channel, scale) in scales.enumerated() {
      let factor = Float(exp(scale))
      set(&rows, joint.first, first.tensor.rows, joint.firstRows[channel], factor)
      for place in joint.places[channel] {
        if joint.secondSide == .rows {
          set(&rows, joint.second, second.tensor.rows, place, 1 / factor)
        } else {
          set(&columns, joint.second, second.tensor.columns, place, 1 / factor)
        }
      }
    }
  }

  private func set(
    _ factors: inout [TensorName: [Float]], _ name: TensorName, _ count: Int, _ place: Int, _ factor: Float
  ) {
    factors[name, default: [Float](repeating: 1, count: count)][place] = factor
  }

  /// A norm's gain g that became ĝ makes its projection's columns g / ĝ times as large.
  private mutating func takeNorm(
    _ norm: TensorName, _ projection: TensorName, _ reference: FloatModel,
    _ tensors: [TensorName: DequantizedTensor]
  ) {
    guard let other = tensors[norm] else { return }
    let ratios = (0..<other.tensor.columns).map { column -> Float in
      let ratio = reference.tensor(norm).values[column] / other.values[column]
      return ratio.isFinite && ratio > 0 ? ratio : 1
    }
    if ratios.contains(where: { abs(log(Double($0))) > 1e-6 }) { columns[projection] = ratios }
  }
}

/// For each row the least-squares factor between a tensor and the reference's, whose columns have factors of their own.
private func rowGains(_ weights: [Float], _ tensor: DequantizedTensor, _ columns: [Float]?) -> [Double] {
  let count = tensor.tensor.columns
  return (0..<tensor.tensor.rows).map { row in
    var (product, square) = (0.0, 0.0)
    for column in 0..<count {
      let w = Double(weights[row * count + column] * (columns?[column] ?? 1))
      product += w * Double(tensor.values[row * count + column])
      square += w * w
    }
    return product / square
  }
}

/// For each column the least-squares factor between a tensor and the reference's.
private func columnGains(_ weights: [Float], _ tensor: DequantizedTensor) -> [Double] {
  let count = tensor.tensor.columns
  var products = [Double](repeating: 0, count: count)
  var squares = products
  for (place, weight) in weights.enumerated() {
    products[place % count] += Double(weight) * Double(tensor.values[place])
    squares[place % count] += Double(weight) * Double(weight)
  }
  return zip(products, squares).map { $0 / $1 }
}
