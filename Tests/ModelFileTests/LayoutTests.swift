import Foundation
import SourcesTestSupport
import SwiftletConversion
import SwiftletModelFile
import Testing

/// What FORMAT.md says about the bytes, read with code of its own.
@Suite struct LayoutTests {
  @Test func convertingTwiceGivesTheSameBytes() throws {
    let directory = try tinyDirectory()
    var files: [Data] = []
    for name in ["one", "two"] {
      let target = "\(directory.path)/\(name).swiftlet"
      _ = try Converter.convert(directory.path, to: target)
      files.append(try Data(contentsOf: URL(fileURLWithPath: target)))
    }
    #expect(files[0] == files[1])
  }

  @Test func sectionsAndTensorsAreAlignedAndPaddingIsZero() throws {
    for group in [0, 64, 32] {
      let model = try tinyModel(group: group)
      #expect(model.bytes.count % 64 == 0)
      var covered = [Bool](repeating: false, count: model.bytes.count)
      for index in 0..<64 + 32 * model.sections.count { covered[index] = true }
      for section in model.sections where section.kind != SectionKind.tensorData.rawValue {
        #expect(section.range.lowerBound % 64 == 0)
        for index in section.range { covered[index] = true }
      }
      let file = try unsafe ModelFile(path: try ModelOnDisk(model).path)
      for index in 0..<file.tensorCount {
        let tensor = try file.tensor(at: index)
        for (offset, size) in [
          (tensor.data, tensor.dataSize), (tensor.scales, tensor.scalesSize), (tensor.sums, tensor.sumsSize),
          (tensor.bias, tensor.bias == 0 ? 0 : tensor.biasSize),
        ] {
          for index in 0..<size { covered[Int(offset) + index] = true }
        }
      }
      for index in covered.indices where !covered[index] { #expect(model.bytes[index] == 0, "byte \(index)") }
    }
  }

  /// Dequantises a matrix with FORMAT.md's formulas.
  private func matrix(_ model: ModelBytes, entry: Int) -> (rows: [[Float]], bias: [Float]) {
    let rows = Int(model[entry + 8, as: UInt32.self])
    let columns = Int(model[entry + 12, as: UInt32.self])
    let group = Int(model[entry + 16, as: UInt32.self])
    let (data, scales) = (Int(model[entry + 24, as: UInt64.self]), Int(model[entry + 32, as: UInt64.self]))
    let bias = Int(model[entry + 48, as: UInt64.self])
    let multiple = group == 0 ? 4 : group
    let padded = (columns + multiple - 1) / multiple * multiple
    let groups = group == 0 ? 1 : padded / group
    func scale(_ row: Int, _ column: Int) -> Float {
      if group == 0 { return Float(bitPattern: model[scales + 4 * row, as: UInt32.self]) }
      let place = (row / 16 * groups + column / group) * 16 + row % 16
      return Float(bitPattern: UInt32(model[scales + 2 * place, as: UInt16.self]) << 16)
    }
    let values = (0..<rows).map { row in
      (0..<columns).map { column in
        let place = ((row / 16 * (padded / 4) + column / 4) * 16 + row % 16) * 4 + column % 4
        return Float(Int8(bitPattern: model.bytes[data + place])) * scale(row, column)
      }
    }
    return (
      values, bias == 0 ? [] : (0..<rows).map { Float(bitPattern: model[bias + 4 * $0, as: UInt32.self]) }
    )
  }

  private func floats(_ tensor: SafetensorsBytes.Tensor) -> [Float] {
    let bytes = ModelBytes(tensor.bytes)
    return (0..<tensor.bytes.count / 4).map { Float(bitPattern: bytes[4 * $0, as: UInt32.self]) }
  }

  @Test(arguments: [0, 64, 32])
  func matricesAreTheSourcesRounded(group: Int) throws {
    let source = TinyMarian { ($0.width, $0.heads, $0.feedForward) = (36, 3, (70, 50)) }
    let model = try tinyModel(group: group, source)
    let table = model.section(.tensorTable).lowerBound
    let layer = "model.encoder.layers.1"
    // Table order: 3 shared, then 6 for each encoder layer.
    let wanted: [(index: Int, names: [String])] = [
      (0, ["model.shared"]),
      (9, ["q", "k", "v"].map { "\(layer).self_attn.\($0)_proj" }), (10, ["\(layer).self_attn.out_proj"]),
      (12, ["\(layer).fc1"]), (13, ["\(layer).fc2"]),
      (18, ["q"].map { "model.decoder.layers.0.encoder_attn.\($0)_proj" }),
      (19, ["k", "v"].map { "model.decoder.layers.0.encoder_attn.\($0)_proj" }),
    ]
    for (index, names) in wanted {
      let (rows, bias) = matrix(model, entry: table + 64 * index)
      let weights = names.flatMap { floats(source.tensors["\($0).weight"]!) }
      #expect(rows.count * rows[0].count == weights.count)
      for (row, values) in rows.enumerated() {
        let truth = weights[row * values.count..<(row + 1) * values.count]
        let largest = truth.map(abs).max() ?? 0
        // Half a step of the largest magnitude, and bfloat16's rounding up of the scale.
        let tolerance = largest / 127 * 0.51
        #expect(zip(values, truth).allSatisfy { abs($0 - $1) <= tolerance }, "tensor \(index), row \(row)")
      }
      let biases = names.compactMap { source.tensors["\($0).bias"] }.flatMap(floats)
      #expect(bias == biases)
    }
  }

  @Test func rowSumsAreThoseOfTheTiles() throws {
    let model = try tinyModel(group: 0)
    let file = try unsafe ModelFile(path: try ModelOnDisk(model).path)
    for index in 0..<file.tensorCount {
      let tensor = try file.tensor(at: index)
      guard tensor.element == .int8 else { continue }
      for row in 0..<tensor.paddedRows {
        var sum: Int32 = 0
        for column in 0..<tensor.paddedColumns {
          let place = ((row / 16 * (tensor.paddedColumns / 4) + column / 4) * 16 + row % 16) * 4 + column % 4
          let q = Int8(bitPattern: model.bytes[Int(tensor.data) + place])
          #expect(q >= -127)
          if row >= tensor.rows || column >= tensor.columns { #expect(q == 0) }
          sum += Int32(q)
        }
        #expect(Int32(bitPattern: model[Int(tensor.sums) + 4 * row, as: UInt32.self]) == sum)
      }
    }
  }
}
