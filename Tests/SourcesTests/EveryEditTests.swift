import SourcesTestSupport
import SwiftletSources
import Testing

/// Every edit of a small file of weights of each format: each length to which it can be cut, and each bit flipped. It is
/// refused by a typed error, or read with nothing else than what the edit changed.
@Suite struct EveryEditTests {
  /// A tensor as it was read.
  private struct Content: Equatable {
    let name: String
    let type: ElementType
    let shape: [Int]
    let bits: [UInt32]

    init(_ tensor: SourceTensor) throws(SourceError) {
      (name, type, shape) = (tensor.name, tensor.type, tensor.shape)
      guard tensor.count < 1000 else { throw tensor.error(.unexpected) }
      bits = tensor.isReadable ? try tensor.floats().map(\.bitPattern) : []
    }
  }

  enum Format: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case safetensors, torch, torchLegacy, ctranslate2, llama2C
    var testDescription: String { rawValue }

    private static let values: [Float] = [1, 2, 3, 4, 5, 6]

    private static func floats(_ values: [Float]) -> [UInt8] {
      values.flatMap { SafetensorsBytes.littleEndian($0.bitPattern) }
    }

    /// Matrices row after row and column after column, a half, and a view of a part of a storage.
    private static var views: (tensors: [TorchBytes.Tensor], storages: [[UInt8]]) {
      var half = TorchBytes.Tensor("half", count: 2, shape: [2], strides: [1])
      half.storage = "HalfStorage"
      var part = TorchBytes.Tensor("part", count: 6, shape: [2], strides: [1])
      (part.offset, part.isParameter) = (3, true)
      let storage = floats(values)
      return (
        [
          TorchBytes.Tensor("rows", count: 6, shape: [2, 3], strides: [3, 1]),
          TorchBytes.Tensor("columns", count: 6, shape: [3, 2], strides: [1, 3]), half, part,
        ], [storage, storage, [0x00, 0x3C, 0x00, 0xC0], storage]
      )
    }

    /// The file.
    var bytes: [UInt8] {
      switch self {
      case .safetensors:
        SafetensorsBytes.file([
          .init("a", [2, 3], Self.values), .init("b", type: "F16", shape: [2], bytes: [0, 0x3C, 0, 0xC0]),
          .init("c", type: "I64", shape: [], bytes: [1, 0, 0, 0, 0, 0, 0, 0]),
          .init("d", type: "BF16", shape: [1, 2], bytes: [0x80, 0x3F, 0, 0xC0]),
        ])
      case .torch: TorchBytes.file(Self.views.tensors, Self.views.storages)
      case .torchLegacy: TorchBytes.legacyFile(Self.views.tensors, Self.views.storages)
      case .ctranslate2:
        CTranslate2Bytes.file(
          version: 6,
          [
            .init("a/weight", .float32, [2, 2], Self.floats([1, 2, 3, 4])),
            .init("b/weight", .int8, [2, 2], [127, 1, 0x81, 0]),
            .init("b/weight_scale", .float32, [2], Self.floats([127, 2])),
            .init("c/weight", .int16, [1, 2], [0xE8, 0x03, 0, 0]),
            .init("c/weight_scale", .float32, [], Self.floats([500])),
            .init("num_heads", .int8, [], [8]),
          ], aliases: [("d/weight", "b/weight")])
      case .llama2C:
        [4, 6, 1, 2, 1, 5, 3].flatMap { SafetensorsBytes.littleEndian(Int32($0)) }
          + Self.floats((0..<158).map { Float($0) })
      }
    }

    func tensors(_ path: String) throws(SourceError) -> [SourceTensor] {
      switch self {
      case .safetensors: try Safetensors(path: path).tensors
      case .torch, .torchLegacy: try TorchCheckpoint(path: path).tensors
      case .ctranslate2: try CTranslate2File(path: path).weights.tensors
      case .llama2C: try Llama2CFile(path: path).weights.tensors
      }
    }

    /// The most numbers that one bit can change: a scale's is that of a row and, by an alias, of the same row again.
    var mostNumbers: Int { self == .ctranslate2 ? 4 : 1 }
  }

  /// What was read; nil if it was refused.
  private func read(_ format: Format, _ path: String) -> [Content]? {
    do throws(SourceError) {
      var contents: [Content] = []
      for tensor in try format.tensors(path) { contents.append(try Content(tensor)) }
      return contents
    } catch { return nil }
  }

  @Test(arguments: Format.allCases)
  func everyEditIsRefusedOrRead(_ format: Format) throws {
    let file = try EditedFile(format.bytes, name: "weights")
    let good = try #require(read(format, file.path))
    var cuts = EditCount()
    file.forEachCut { _ in cuts.add(accepted: read(format, file.path) != nil) }
    #expect(cuts.accepted == 0)
    var flips = EditCount()
    var (same, changed, other) = (0, 0, 0)
    file.forEachFlip { place, bit in
      let found = read(format, file.path)
      flips.add(accepted: found != nil)
      guard let found else { return }
      if found == good {
        same += 1
      } else if found.map(\.name) == good.map(\.name), found.map(\.shape) == good.map(\.shape),
        found.map(\.type) == good.map(\.type)
      {
        let numbers = zip(found, good).reduce(0) { $0 + zip($1.0.bits, $1.1.bits).count { $0 != $1 } }
        if numbers <= format.mostNumbers { changed += 1 } else { other += 1 }
      } else {
        other += 1
      }
    }
    #expect(read(format, file.path) == good)
    print(
      "\(format.rawValue), \(file.bytes.count) bytes: truncations: \(cuts); flipped bits: \(flips): nothing changed \(same), one number \(changed), a name or a view \(other)"
    )
  }

  @Test func everyEditOfAnIndexIsRefusedOrRead() throws {
    let directory = try TemporaryDirectory(inMemory: true)
    try directory.write(SafetensorsBytes.file([.init("a", [2], [1, 2])]), to: "1.safetensors")
    try directory.write(SafetensorsBytes.file([.init("b", [1], [3])]), to: "2.safetensors")
    let index = #"{"metadata":{"total_size":12},"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}"#
    let file = try EditedFile(try directory.write(index, to: SafetensorsDirectory.indexFile))
    func names() -> [String]? {
      do throws(SourceError) {
        return try SafetensorsDirectory(path: directory.path).tensors.map(\.name)
      } catch {
        return nil
      }
    }
    #expect(names() == ["a", "b"])
    var (cuts, flips) = (EditCount(), EditCount())
    file.forEachCut { _ in cuts.add(accepted: names() != nil) }
    file.forEachFlip { place, bit in
      let found = names()
      flips.add(accepted: found != nil)
      if let found, found != ["a", "b"] { Issue.record("byte \(place) ^ \(bit): \(found)") }
    }
    #expect(cuts.accepted == 0 && flips.accepted > 0)
    print("index of shards, \(file.bytes.count) bytes: truncations: \(cuts); flipped bits: \(flips)")
  }
}
