import Foundation
import SourcesTestSupport
import SwiftletSources
import Testing

@Suite struct SafetensorsTests {
  @Test func readsEveryReadableType() throws {
    let directory = try TemporaryDirectory()
    let bytes = SafetensorsBytes.file([
      .init("a", [2, 3], [1, 2, 3, 4, 5, 6]),
      .init("half", type: "F16", shape: [2], bytes: [0x00, 0x3C, 0x00, 0xC0]),
      .init("brain", type: "BF16", shape: [1, 1], bytes: [0x80, 0x3F]),
      .init("scalar", [], [7]),
      .init("nothing", [0, 4], []),
    ])
    let file = try Safetensors(path: try directory.write(bytes, to: "model.safetensors"))
    #expect(file.metadata == ["format": "pt"])
    #expect(file.tensors.map(\.name) == ["a", "half", "brain", "scalar", "nothing"])
    #expect(try file.tensors[0].floats(rows: 1..<2) == [4, 5, 6])
    file.tensors[0].release()
    #expect(try file.tensors.map { try $0.floats() } == [[1, 2, 3, 4, 5, 6], [1, -2], [1], [7], []])
  }

  @Test func readsUnalignedData() throws {
    // A header of odd length leaves the data unaligned: the format allows it.
    let header = #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} "#
    for spaces in 0..<4 {
      let directory = try TemporaryDirectory()
      let text = header + String(repeating: " ", count: spaces)
      let path = try directory.write(
        SafetensorsBytes.file(header: text, data: SafetensorsBytes.littleEndian(Float(2.5).bitPattern)),
        to: "x")
      #expect(try Safetensors(path: path).tensors[0].floats() == [2.5])
    }
  }

  @Test func refusesAMissingFile() throws {
    let error = #expect(throws: SourceError.self) { try Safetensors(path: "/nowhere/model.safetensors") }
    #expect(error?.description == "/nowhere/model.safetensors: cannot open: no such file or directory")
  }

  @Test func refusesADirectory() throws {
    let directory = try TemporaryDirectory()
    let error = #expect(throws: SourceError.self) { try Safetensors(path: directory.path) }
    #expect(error?.description.hasSuffix("cannot open: is a directory") == true)
  }

  @Test func findsTheFirstNumberThatIsNotFinite() throws {
    for (value, text) in [(Float.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")] {
      let directory = try TemporaryDirectory()
      let path = try directory.write(
        SafetensorsBytes.file([.init("w", [2, 2], [1, 2, value, .nan])]), to: "x")
      let tensor = try #require(try Safetensors(path: path).tensors.first)
      let error = #expect(throws: SourceError.self) { try tensor.finiteFloats(rows: 1..<2) }
      #expect(error?.description == "\(path): tensor w has \(text) at index 2")
    }
  }

  @Test func refusesTypesAndRowsThatCannotBeRead() throws {
    let directory = try TemporaryDirectory()
    let bytes = SafetensorsBytes.file([
      .init("i", type: "I8", shape: [2], bytes: [1, 2]), .init("f", [2], [1, 2]),
    ])
    let tensors = try Safetensors(path: try directory.write(bytes, to: "x")).tensors
    let type = #expect(throws: SourceError.self) { try tensors[0].floats() }
    #expect(
      type?.description.hasSuffix("tensor i has dtype I8: only F32, F16, BF16 and F64 can be read") == true)
    #expect(throws: SourceError.self) { try tensors[1].floats(rows: 1..<3) }
    #expect(throws: SourceError.self) { try tensors[1].floats(rows: -1..<1) }
    var tooSmall: [Float] = [0]
    unsafe tooSmall.withUnsafeMutableBufferPointer { memory in
      _ = #expect(throws: SourceError.self) { try tensors[1].fill(memory, rows: 0..<2) }
    }
  }
}
