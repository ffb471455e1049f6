import SourcesTestSupport
import SwiftletSources
import Testing

/// Broken files and attacks that others' readers are tested with, each refused by the rule that it breaks.
///
/// Their names are those of safetensors' `attacks` and of the tests in its `tensor.rs`, and of the handcrafted files of
/// llama.cpp's `tests/test-gguf.cpp`, carried over to safetensors. The files are made here.
@Suite struct KnownBreakagesTests {
  struct Breakage: Sendable, CustomTestStringConvertible {
    let name: String
    let rule: String
    let bytes: [UInt8]
    var testDescription: String { name }

    init(_ name: String, _ rule: String, bytes: [UInt8]) {
      (self.name, self.rule, self.bytes) = (name, rule, bytes)
    }

    init(_ name: String, _ rule: String, header: String, data: Int = 0, length: UInt64? = nil) {
      let zeros = [UInt8](repeating: 0, count: data)
      self.init(name, rule, bytes: SafetensorsBytes.file(header: header, data: zeros, length: length))
    }
  }

  private static func entry(
    _ shape: String, _ offsets: String, _ type: String = "I32", name: String = "test"
  ) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  private static let good = "{\(entry("[2,2]", "[0,16]"))}"

  /// Many tensors that all have the same bytes.
  private static func overlapping(_ count: Int, shape: String, bytes: Int) -> String {
    "{\((0..<count).map { entry(shape, "[0,\(bytes)]", "F32", name: "weight_\($0)") }.joined(separator: ","))}"
  }

  static let attacks = [
    Breakage(
      "abuse attempt 1: a length beyond the file",
      "the header claims 1000 bytes, but the file has 76 after its first 8",
      header: good, data: 16, length: 1000),
    Breakage(
      "abuse attempt 2: a header of 700 MB",
      "the header claims 700000000 bytes: at most 100000000 are allowed",
      header: overlapping(2, shape: "[2,2]", bytes: 16), data: 16, length: 700_000_000),
    Breakage(
      "abuse attempt 3: many tensors of the same bytes",
      "begins at byte 0 of the data, inside tensor weight_",
      header: overlapping(20_000, shape: "[200,200]", bytes: 160_000), data: 160_000),
    Breakage(
      "negative offsets", "tensor test: data_offsets has -16, which is not a non-negative integer",
      header: "{\(entry("[2,2]", "[-16,0]"))}", data: 16),
    Breakage(
      "offsets outside of the file", "tensor test: data_offsets [16, 32] don't fit 16 bytes of data",
      header: "{\(entry("[2,2]", "[16,32]"))}", data: 16),
  ]

  static let rules = [
    Breakage(
      "metadata_incomplete_buffer, a polyglot", "bytes 16 to 34 of the data belong to no tensor",
      header: good,
      data: 34),
    Breakage(
      "metadata_incomplete_buffer, missing bytes",
      "tensor test: data_offsets [0, 16] don't fit 14 bytes of data",
      header: good, data: 14),
    Breakage(
      "header_too_large", "the header claims 18446742974197923900 bytes: at most 100000000 are allowed",
      header: good, data: 16, length: 0xFFFF_FF00_0000_003C),
    Breakage("header_too_small", "0 bytes is too short for a safetensors file (at least 8 bytes)", bytes: []),
    Breakage(
      "invalid_header_length", "the header claims 60 bytes, but the file has 0 after its first 8",
      bytes: [60, 0, 0, 0, 0, 0, 0, 0]),
    Breakage(
      "invalid_header_non_utf8", "the header begins with byte 0xff, not with '{'",
      bytes: [1, 0, 0, 0, 0, 0, 0, 0, 0xFF]),
    Breakage("invalid_header_not_json", "the text ends inside a value", header: "{"),
    Breakage("whitespace_leading_padded_header", "the header begins with byte 0x9", header: "\t\n{}\r "),
    Breakage(
      "invalid_info", "tensor test: I32 [2, 2] takes 16 bytes, but data_offsets give 4",
      header: "{\(entry("[2,2]", "[0,4]"))}", data: 4),
    Breakage(
      "validation_overflow of elements", "tensor test: shape has 1.8446744073709552e+19",
      header: "{\(entry("[2,18446744073709551614]", "[0,16]"))}", data: 16),
    Breakage(
      "validation_overflow of bytes", "tensor test: the size of shape [2, 9223372036854775807] overflows",
      header: "{\(entry("[2,9223372036854775807]", "[0,16]"))}", data: 16),
    Breakage(
      "json_attack", "tensor weight_1: begins at byte 0 of the data, inside tensor weight_0",
      header: overlapping(10, shape: "[2,2]", bytes: 16), data: 16),
    Breakage(
      "serialization_fp4_misaligned", "tensor test: F4 [1, 3] doesn't fill whole bytes",
      header: "{\(entry("[1,3]", "[0,2]", "F4"))}", data: 2),
  ]

  /// GGUF's keys are `__metadata__`, its strides and alignments have no counterpart.
  static let handcrafted = [
    Breakage(
      "header, bad magic", "the header begins with byte 0x46, not with '{'",
      bytes: SafetensorsBytes.littleEndian(4 as UInt64) + Array("FUGG".utf8)),
    Breakage(
      "header, count of tensors -1", "the header claims 18446744073709551615 bytes", header: good, data: 16,
      length: .max),
    Breakage(
      "key of bad type", "__metadata__: the value of \"my_key\" is not text",
      header: #"{"__metadata__":{"my_key":17}}"#),
    Breakage(
      "key that is there twice", "the key \"my_key\" appears twice",
      header: #"{"__metadata__":{"my_key":"a","my_key":"b"}}"#),
    Breakage(
      "tensor of bad name size", "its name has 1025 bytes: at most 1024 are read",
      header: "{\(entry("[1]", "[0,4]", name: String(repeating: "a", count: 1025)))}", data: 4),
    Breakage(
      "tensor of bad dimensions", "tensor test: its shape has 9 dimensions: at most 8 are read",
      header: "{\(entry("[1,1,1,1,1,1,1,1,1]", "[0,4]"))}", data: 4),
    Breakage(
      "tensor of shape -1", "tensor test: shape has -1, which is not a non-negative integer",
      header: "{\(entry("[-1]", "[0,4]"))}", data: 4),
    Breakage(
      "tensor of no rows with bytes", "tensor test: I32 [2, 0] takes 0 bytes, but data_offsets give 4",
      header: "{\(entry("[2,0]", "[0,4]"))}", data: 4),
    Breakage(
      "tensor of too many elements", "tensor test: the size of shape [8589934588, 8589934588] overflows",
      header: "{\(entry("[8589934588,8589934588]", "[0,4]"))}", data: 4),
    Breakage(
      "tensor of too many bytes", "tensor test: the size of shape [1533916891, 1533916891] overflows",
      header: "{\(entry("[1533916891,1533916891]", "[0,4]", "I64"))}", data: 4),
    Breakage(
      "tensor of bad type", "tensor test: unknown dtype \"I41\"",
      header: "{\(entry("[1]", "[0,4]", "I41"))}", data: 4),
    Breakage(
      "tensor at -1", "tensor test: data_offsets has 1.8446744073709552e+19",
      header: "{\(entry("[1]", "[18446744073709551615,4]"))}", data: 4),
    Breakage(
      "tensor that is there twice", "the key \"test\" appears twice",
      header: "{\(entry("[1]", "[0,4]")),\(entry("[1]", "[4,8]"))}", data: 8),
    Breakage(
      "not enough data", "tensor test: data_offsets [0, 16] don't fit 15 bytes of data", header: good,
      data: 15
    ),
    Breakage(
      "data of two sizes that overflow", "tensor a: data_offsets [0, 9223372036854775744] don't fit",
      header:
        "{\(entry("[9223372036854775744]", "[0,9223372036854775744]", "U8", name: "a")),\(entry("[9223372036854775744]", "[0,9223372036854775744]", "U8", name: "b"))}",
      data: 32),
  ]

  @Test(arguments: attacks + rules + handcrafted)
  func refuses(_ breakage: Breakage) throws {
    let path = try TemporaryDirectory().write(breakage.bytes, to: "model.safetensors")
    let error = #expect(throws: SourceError.self) { try Safetensors(path: path) }
    let found = error?.description ?? "accepted"
    #expect(found.contains(breakage.rule), "\(breakage.name): \(found.prefix(300))")
  }

  /// A pickle that calls `eval` when it is loaded.
  private static let calling: [UInt8] =
    [0x80, 2] + Array("c__builtin__\neval\n".utf8) + TorchBytes.text("print('done')") + [0x85, 0x52, 0x2E]

  /// What other formats were attacked with: none of it is executed, unpacked or loaded.
  static let checkpoints = [
    Breakage(
      "torch_ace: a pickle that calls a function",
      "it names __builtin__.eval: only what tensors need is read",
      bytes: TorchBytes.zip([("archive/data.pkl", calling)])),
    Breakage(
      "torch_dos: a storage that unpacks to more", "member archive/data/0 is compressed or encrypted",
      bytes: TorchBytes.zip(
        [("archive/data.pkl", TorchBytes.pickle([])), ("archive/data/0", [3, 0])], method: 8)),
    Breakage(
      "numpy_dos: an .npz that unpacks to more", "member weights.npy is compressed or encrypted",
      bytes: TorchBytes.zip([("weights.npy", [3, 0])], method: 8)),
    Breakage(
      "numpy's .npz", "has 0 members data.pkl, not one", bytes: TorchBytes.zip([("weights.npy", [0x93])])),
    Breakage("paddle_ace: a pickle alone", "is no file of torch.save", bytes: calling),
    Breakage(
      "tf_ace: an HDF5 file", "is no file of torch.save",
      bytes: [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A] + [UInt8](repeating: 0, count: 64)),
    Breakage(
      "tf_safe_ace: a Keras file", "has 0 members data.pkl, not one",
      bytes: TorchBytes.zip([("metadata.json", Array("{}".utf8)), ("config.json", Array("{}".utf8))])),
  ]

  @Test(arguments: checkpoints)
  func refusesCheckpoints(_ breakage: Breakage) throws {
    let path = try TemporaryDirectory().write(breakage.bytes, to: "pytorch_model.bin")
    let error = #expect(throws: SourceError.self) { try TorchCheckpoint(path: path) }
    let found = error?.description ?? "accepted"
    #expect(found.contains(breakage.rule), "\(breakage.name): \(found)")
  }
}
