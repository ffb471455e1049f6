import Foundation
import SourcesTestSupport
import SwiftletSources
import Testing

/// What is read of a source has limits: each is reached, and one more is refused with its number.
@Suite struct LimitsTests {
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "accepted"
    } catch { return "\(error)" }
  }

  /// A file of zeros that takes no room.
  private func sparse(_ bytes: Int, _ name: String) throws -> String {
    let path = try TemporaryDirectory().write([], to: name)
    try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: UInt64(bytes))
    return path
  }

  @Test func bytesOfJSON() throws {
    let limit = SourceLimits.jsonBytes
    let most = try sparse(limit, "config.json")
    #expect(message { _ = try JSONFile(path: most) }.contains("not valid JSON at byte 0: found byte 0x0"))
    let more = try sparse(limit + 1, "config.json")
    #expect(
      message { _ = try JSONFile(path: more) } == "\(more): has 100000001 bytes: at most 100000000 are read")
  }

  @Test func depthOfJSON() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(message { _ = try StrictJSON(text: nested(64)) } == "accepted")
    #expect(
      message { _ = try StrictJSON(text: nested(65)) }
        == "not valid JSON at byte 64: nested more than 64 deep")
  }

  @Test func valuesOfJSON() throws {
    #expect(SourceLimits.jsonValues == 10_000_000)
    #expect(message { _ = try StrictJSON(text: "[1,[2],{\"a\":3}]", values: 6) } == "accepted")
    #expect(
      message { _ = try StrictJSON(text: "[1,[2],{\"a\":3}]", values: 5) }
        == "not valid JSON at byte 12: more than 5 values")
    // The limit itself: an array of this many zeros, and one more.
    var text = Array("[0".utf8)
    for _ in 2..<SourceLimits.jsonValues { text += [0x2C, 0x30] }
    func read(_ bytes: [UInt8]) -> String {
      message { _ = unsafe try bytes.withUnsafeBytes { unsafe try StrictJSON($0) } }
    }
    #expect(read(text + [0x5D]) == "accepted")
    #expect(read(text + Array(",0]".utf8)).hasSuffix("more than 10000000 values"))
  }

  @Test func headerOfSafetensors() throws {
    func read(_ length: UInt64) throws -> String {
      let path = try TemporaryDirectory().write(
        SafetensorsBytes.file(header: "{}", length: length), to: "model.safetensors")
      return message { _ = try Safetensors(path: path) }
    }
    #expect(try read(100_000_000).contains("claims 100000000 bytes, but the file has 2"))
    #expect(try read(100_000_001).contains("claims 100000001 bytes: at most 100000000 are allowed"))
  }

  /// Bytes of a name, and dimensions, of safetensors.
  @Test func entriesOfSafetensors() throws {
    func read(name: Int = 1, dimensions: Int = 1) throws -> String {
      let tensor = SafetensorsBytes.Tensor(
        String(repeating: "n", count: name), [Int](repeating: 1, count: dimensions), [1])
      let path = try TemporaryDirectory().write(SafetensorsBytes.file([tensor]), to: "model.safetensors")
      return message { _ = try Safetensors(path: path) }
    }
    #expect(try read(name: 1024) == "accepted")
    #expect(try read(name: 1025).contains("its name has 1025 bytes: at most 1024 are read"))
    #expect(try read(dimensions: 8) == "accepted")
    #expect(try read(dimensions: 9).contains("its shape has 9 dimensions: at most 8 are read"))
  }

  @Test func tensorsOfSafetensors() throws {
    // Entries of nothing: the count is checked before them.
    func read(_ count: Int) throws -> String {
      var header = Array("{".utf8)
      for index in 0..<count { header += Array("\(index == 0 ? "" : ",")\"\(index)\":0".utf8) }
      header.append(UInt8(ascii: "}"))
      let path = try TemporaryDirectory(inMemory: true).write(
        SafetensorsBytes.littleEndian(UInt64(header.count)) + header, to: "model.safetensors")
      return message { _ = try Safetensors(path: path) }
    }
    #expect(try read(1_000_000).contains("tensor 0: its entry is not an object"))
    #expect(try read(1_000_001).contains("the header has 1000001 entries: at most 1000000 are read"))
  }

  @Test func shardsOfAnIndex() throws {
    func read(_ count: Int) throws -> String {
      let directory = try TemporaryDirectory()
      let map = (0..<count).map { "\"t\($0)\":\"s\($0)\"" }.joined(separator: ",")
      try directory.write("{\"weight_map\":{\(map)}}", to: SafetensorsDirectory.indexFile)
      return message { _ = try SafetensorsDirectory(path: directory.path) }
    }
    #expect(try read(10_000).contains("/s0: cannot open: no such file"))
    #expect(try read(10_001).contains("weight_map names 10001 shards: at most 10000 are read"))
  }

  @Test func variablesOfCTranslate2() throws {
    func read(_ variable: CTranslate2Bytes.Variable, count: UInt32? = nil) throws -> String {
      var bytes = CTranslate2Bytes.file(version: 6, [variable])
      if let count { bytes.replaceSubrange(26..<30, with: SafetensorsBytes.littleEndian(count)) }
      let path = try TemporaryDirectory().write(bytes, to: "model.bin")
      return message { _ = try CTranslate2File(path: path) }
    }
    let one = SafetensorsBytes.littleEndian(Float(1).bitPattern)
    func variable(name: Int = 1, dimensions: Int = 1) -> CTranslate2Bytes.Variable {
      .init(String(repeating: "n", count: name), .float32, [Int](repeating: 1, count: dimensions), one)
    }
    #expect(try read(variable(name: 1024)) == "accepted")
    #expect(try read(variable(name: 1025)).contains("has a name of 1025 bytes"))
    #expect(try read(variable(name: 1025)).contains("at most 1024 are read"))
    #expect(try read(variable(dimensions: 8)) == "accepted")
    #expect(try read(variable(dimensions: 9)).contains("variable n has 9 dimensions: at most 8 are read"))
    #expect(try read(variable(), count: 1_000_000).contains("ends within variable 1 of 1000000"))
    #expect(
      try read(variable(), count: 1_000_001).contains("has no count of variables, or more than 1000000"))
  }

  private func read(pickle: [UInt8]) throws -> String {
    let bytes = TorchBytes.zip([("archive/data.pkl", [0x80, 2] + pickle)])
    let path = try TemporaryDirectory(inMemory: true).write(bytes, to: "pytorch_model.bin")
    return message { _ = try TorchCheckpoint(path: path) }
  }

  @Test func stackOfAPickle() throws {
    func nones(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x4E, count: count) + [0x2E] }
    #expect(try read(pickle: nones(1_000_000)).contains("it holds no dictionary of tensors"))
    #expect(try read(pickle: nones(1_000_001)).contains("its stack has more than 1000000 values"))
  }

  @Test func memoOfAPickle() throws {
    func remembered(_ count: Int) -> [UInt8] { [0x4E] + [UInt8](repeating: 0x94, count: count) + [0x2E] }
    #expect(try read(pickle: remembered(1_000_000)).contains("it holds no dictionary of tensors"))
    #expect(try read(pickle: remembered(1_000_001)).contains("it remembers more than 1000000 values"))
  }

  @Test func valuesOfAPickle() throws {
    // A tuple of a tuple of a tuple …: two values each.
    func tuples(_ count: Int) -> [UInt8] { [0x4E] + [UInt8](repeating: 0x85, count: count) + [0x2E] }
    #expect(try read(pickle: tuples(2_000_000)).contains("it holds no dictionary of tensors"))
    #expect(try read(pickle: tuples(2_000_001)).contains("its collections have more than 4000000 values"))
  }

  @Test func namesInAPickle() throws {
    func name(_ count: Int) -> [UInt8] {
      Array("c".utf8) + [UInt8](repeating: 0x61, count: count) + Array("\nb\n.".utf8)
    }
    #expect(try read(pickle: name(1023)).contains("it names aaa"))
    #expect(try read(pickle: name(1024)).contains("a name is cut or has more than 1024 bytes"))
  }

  @Test func tensorsOfTorch() throws {
    func read(name: Int = 1, dimensions: Int = 1) throws -> String {
      let ones = [Int](repeating: 1, count: dimensions)
      let tensor = TorchBytes.Tensor(
        String(repeating: "n", count: name), count: 1, shape: ones, strides: ones)
      let path = try TemporaryDirectory().write(
        TorchBytes.file([tensor], [[0, 0, 0, 0]]), to: "pytorch_model.bin")
      return message { _ = try TorchCheckpoint(path: path) }
    }
    #expect(try read(name: 1024) == "accepted")
    #expect(try read(name: 1025).contains("a tensor's name has 1025 bytes: at most 1024 are read"))
    #expect(try read(dimensions: 8) == "accepted")
    #expect(try read(dimensions: 9).contains("tensor n has 9 dimensions: at most 8 are read"))
  }

  @Test func membersOfAZIPFile() throws {
    func read(_ count: UInt64) throws -> String {
      // A 64-bit end record with this count, its locator, and the old end record.
      var bytes: [UInt8] = [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 26)
      let record = bytes.count
      bytes += [0x50, 0x4B, 6, 6] + [UInt8](repeating: 0, count: 28) + SafetensorsBytes.littleEndian(count)
      bytes += SafetensorsBytes.littleEndian(0 as UInt64) + SafetensorsBytes.littleEndian(0 as UInt64)
      bytes += [0x50, 0x4B, 6, 7, 0, 0, 0, 0] + SafetensorsBytes.littleEndian(UInt64(record)) + [1, 0, 0, 0]
      bytes += [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)
      let path = try TemporaryDirectory().write(bytes, to: "pytorch_model.bin")
      return message { _ = try TorchCheckpoint(path: path) }
    }
    #expect(try read(1_000_000).contains("its directory ends within member 0"))
    #expect(try read(1_000_001).contains("has 1000001 members: at most 1000000 are read"))
  }

  @Test func tokensOfAVocabulary() throws {
    func read(_ count: Int) -> String {
      var json = Array("{".utf8)
      for id in 0..<count { json += Array("\(id == 0 ? "" : ",")\"\(id)\":\(id)".utf8) }
      json.append(UInt8(ascii: "}"))
      return message { _ = try Vocabulary(json: json) }
    }
    #expect(read(1_048_574) == "accepted")
    #expect(read(1_048_575) == "the vocabulary has more than 1048574 tokens")
  }

  @Test func piecesOfASentencePieceModel() throws {
    // Without text: the count is checked while pieces are read, and texts after.
    func read(_ count: Int) -> String {
      let pieces = (0..<count).flatMap { _ in [0x0A, 0x00] as [UInt8] }
      return message { _ = try SentencePieceModel(pieces) }
    }
    #expect(read(1_048_574) == "piece 0 at byte 0 has no text")
    #expect(read(1_048_575) == "the model has more than 1048574 pieces")
  }

  @Test func tokensOfLlama2C() throws {
    func read(_ count: Int) -> String {
      let token: [UInt8] = [0, 0, 0, 0, 1, 0, 0, 0, 0x61]
      var bytes: [UInt8] = [1, 0, 0, 0]
      for _ in 0..<count { bytes += token }
      return message { _ = try SentencePieceModel(llama2: bytes) }
    }
    #expect(read(1_048_574).contains("token 0 is 'a', not llama2.c's reserved one"))
    #expect(read(1_048_575) == "the file has more than 1048574 tokens")
  }
}
