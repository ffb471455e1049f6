import SourcesTestSupport
import SwiftletSources
import Testing

@Suite struct TorchCheckpointTests {
  private func read(_ bytes: [UInt8]) throws -> [SourceTensor] {
    let directory = try TemporaryDirectory()
    return try TorchCheckpoint(path: try directory.write(bytes, to: "pytorch_model.bin")).tensors
  }

  private func refusal(_ bytes: [UInt8]) -> String {
    do {
      _ = try read(bytes)
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  private static let values: [Float] = [1, 2, 3, 4, 5, 6]
  private static let storage = values.flatMap { SafetensorsBytes.littleEndian($0.bitPattern) }

  private static var tensors: [TorchBytes.Tensor] {
    var half = TorchBytes.Tensor("half", count: 2, shape: [2], strides: [1])
    half.storage = "HalfStorage"
    var part = TorchBytes.Tensor("part", count: 6, shape: [2], strides: [1])
    (part.offset, part.isParameter) = (3, true)
    return [
      TorchBytes.Tensor("rows", count: 6, shape: [2, 3], strides: [3, 1]),
      TorchBytes.Tensor("columns", count: 6, shape: [3, 2], strides: [1, 3]), half, part,
    ]
  }

  private static let storages = [storage, storage, [0x00, 0x3C, 0x00, 0xC0], storage]

  @Test(arguments: [
    TorchBytes.file(Self.tensors, Self.storages), TorchBytes.legacyFile(Self.tensors, Self.storages),
  ])
  func readsBothFormats(_ file: [UInt8]) throws {
    let tensors = try read(file)
    #expect(tensors.map(\.name) == ["rows", "columns", "half", "part"])
    #expect(try tensors[0].floats() == [1, 2, 3, 4, 5, 6])
    #expect(try tensors[0].floats(rows: 1..<2) == [4, 5, 6])
    #expect(try tensors[1].floats() == [1, 4, 2, 5, 3, 6])
    #expect(try tensors[1].transposedFloats(columns: 1..<2) == [4, 5, 6])
    #expect(try tensors[2].floats() == [1, -2])
    #expect(try tensors[3].floats() == [4, 5])
  }

  /// A pickle may name any function of Python and call it. Here none is.
  @Test(arguments: [
    ("cposix\nsystem\n" + "X\u{4}\u{0}\u{0}\u{0}true\u{85}R.", "posix.system"),
    ("cbuiltins\neval\n.", "builtins.eval"), ("ctorch.hub\nload\n.", "torch.hub.load"),
    ("X\u{2}\u{0}\u{0}\u{0}osX\u{6}\u{0}\u{0}\u{0}system\u{93}.", "os.system"),
  ])
  func executesNothing(_ pickle: String, _ name: String) {
    let bytes = [0x80, 2] + pickle.unicodeScalars.map { UInt8($0.value) }
    let message = refusal(TorchBytes.zip([("a/data.pkl", bytes)]))
    #expect(message.contains("it names \(name): only what tensors need is read, and nothing is executed"))
  }

  @Test(arguments: [
    ("I1\n.", "opcode 0x49"), ("", "it ends without a STOP"), ("h\u{7}.", "nothing was remembered as 7"),
    (".", "the stack is empty"), ("]K\u{1}s.", "the stack is empty"), ("}.", "accepted"),
    (").", "it holds no dictionary of tensors"), ("}K\u{1}K\u{2}s.", "a tensor's name is no text"),
    ("}X\u{1}\u{0}\u{0}\u{0}aNs.", "a is no tensor"), ("X\u{9}\u{0}\u{0}\u{0}a.", "a text of 9 bytes is cut"),
    ("ctorch._utils\n_rebuild_tensor_v2\n(NNNNtR.", "are not those of a tensor"), ("t.", "there is no mark"),
  ])
  func refusesOtherPickles(_ pickle: String, _ message: String) {
    let bytes = [0x80, 2] + pickle.unicodeScalars.map { UInt8($0.value) }
    let found = refusal(TorchBytes.zip([("a/data.pkl", bytes)]))
    #expect(found.contains(message), "\(found)")
  }

  @Test func refusesTensorsOutsideOfTheirStorages() {
    func refusal(_ change: (inout TorchBytes.Tensor) -> Void) -> String {
      var tensor = Self.tensors[0]
      change(&tensor)
      return self.refusal(TorchBytes.file([tensor], [Self.storage]))
    }
    #expect(refusal { $0.offset = 1 }.contains("reaches element 6 of a storage of 6"))
    #expect(refusal { $0.strides = [4, 1] }.contains("reaches element 6 of a storage of 6"))
    #expect(refusal { $0.shape = [1 << 62, 1 << 62] }.contains("overflows"))
    #expect(refusal { $0.strides = [1 << 62, 1 << 62] }.contains("overflows"))
    #expect(refusal { $0.offset = -1 }.contains("are not those of a tensor") == false)
    #expect(refusal { $0.count = 7 }.contains("has a storage of 24 bytes, not 7 elements of 4"))
    #expect(refusal { $0.count = 1 << 62 }.contains("has a storage of 24 bytes"))
    #expect(refusal { $0.storage = "DoubleStorage" }.contains("not 6 elements of 8"))
    #expect(refusal { $0.storage = "ComplexFloatStorage" }.contains("it names torch.ComplexFloatStorage"))
    #expect(refusal { ($0.shape, $0.strides) = ([1, 2, 3], [6, 1, 2]) }.contains("only matrices may be"))
  }

  @Test func refusesBrokenArchives() {
    let members = [("a/data.pkl", TorchBytes.pickle([])), ("a/data/0", Self.storage)]
    #expect(refusal(TorchBytes.zip(members)) == "accepted")
    #expect(refusal(TorchBytes.zip(members, method: 8)).contains("member a/data/0 is compressed"))
    #expect(refusal(TorchBytes.zip(members, overlap: 8)).contains("has no header at byte"))
    #expect(refusal(TorchBytes.zip(members + members)).contains("is there twice"))
    #expect(refusal(TorchBytes.zip([members[1]])).contains("has 0 members data.pkl"))
    #expect(
      refusal(TorchBytes.zip(members + [("a/byteorder", Array("big".utf8))])).contains("byte order big"))
    #expect(refusal(Array("PK\u{3}\u{4}".utf8)).contains("no directory at its end"))
    #expect(refusal(Array("%PDF".utf8)).contains("is no file of torch.save"))
  }

  @Test func deepNestingCostsNoStack() {
    let deep: [UInt8] = [0x80, 2, 0x29] + [UInt8](repeating: 0x85, count: 1_000_000) + [0x2E]
    #expect(refusal(TorchBytes.zip([("a/data.pkl", deep)])).contains("it holds no dictionary"))
  }

  /// Whatever stands in a file, the answer is tensors or an error.
  @Test func damageIsAnError() {
    var random = Seeded(17, test: "damaged checkpoints")
    for file in [
      TorchBytes.file(Self.tensors, Self.storages), TorchBytes.legacyFile(Self.tensors, Self.storages),
    ] {
      for _ in 0..<300 {
        var bytes = file
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
        guard let tensors = try? read(bytes) else { continue }
        for tensor in tensors where tensor.count < 1000 { _ = try? tensor.floats() }
      }
    }
  }
}
