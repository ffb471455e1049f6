import Foundation
import SourcesTestSupport
import SwiftletConversion
import SwiftletSources
import Testing

/// Numbers that no model needs are refused or converted: none stops the converter in another way.
@Suite struct NumbersOfAnySizeTests {
  private func message(_ directory: TemporaryDirectory, _ calibration: CalibrationText? = nil) -> String {
    do {
      let target = "\(directory.path)/model.swiftlet"
      _ = try Converter.convert(directory.path, to: target, calibration: calibration)
      return "accepted"
    } catch { return "\(error)" }
  }

  /// Signs and exponents of the first and the last number of each tensor, with and without calibration.
  @Test(arguments: [false, true])
  func weightsOfAnySize(calibrated: Bool) throws {
    let directory = try TemporaryDirectory(inMemory: true)
    let source = TinyMarian { ($0.width, $0.heads, $0.layers) = (4, 2, (1, 1)) }
    try source.writeWithText(to: directory)
    let text = try CalibrationText(path: directory.write("ab c\na b\ne d c\n", to: "text"))
    let file = try EditedFile("\(directory.path)/model.safetensors")
    var count = EditCount()
    var end = file.bytes.count - source.tensors.values.reduce(0) { $0 + $1.bytes.count }
    for (_, tensor) in source.tensors.sorted(by: { $0.key < $1.key }) {
      let places = [end + 3, end + tensor.bytes.count - 1]
      end += tensor.bytes.count
      for place in Set(places) {
        for (byte, bits) in [(place, EditedFile.bits), (place - 1, [0x80])] {
          file.forEachFlip(of: byte..<byte + 1, bits: bits) { _, _ in
            count.add(accepted: message(directory, calibrated ? text : nil) == "accepted")
          }
        }
      }
    }
    #expect(count.accepted > 0 && count.refused == 0)
    print("signs and exponents of weights, \(calibrated ? "calibrated" : "plain"): \(count)")
  }

  /// A row of numbers may be stored with steps between them, as any matrix of a checkpoint: it is not read as one.
  @Test func aBiasWithStepsIsRefused() throws {
    let directory = try TemporaryDirectory()
    let source = TinyMarian()
    try source.writeWithText(to: directory)
    try FileManager.default.removeItem(atPath: "\(directory.path)/model.safetensors")
    func write(bias strides: [Int], count: Int) throws {
      var tensors: [TorchBytes.Tensor] = []
      var storages: [[UInt8]] = []
      for (name, tensor) in source.tensors.sorted(by: { $0.key < $1.key }) {
        var steps: [Int] = []
        for index in tensor.shape.indices { steps.append(tensor.shape[(index + 1)...].reduce(1, *)) }
        let isBias = name == "final_logits_bias"
        let elements = isBias ? count : tensor.bytes.count / 4
        tensors.append(
          TorchBytes.Tensor(name, count: elements, shape: tensor.shape, strides: isBias ? strides : steps))
        storages.append(isBias ? [UInt8](repeating: 0, count: 4 * count) : tensor.bytes)
      }
      try directory.write(TorchBytes.file(tensors, storages), to: "pytorch_model.bin")
    }
    try write(bias: [11, 1], count: 11)
    #expect(message(directory) == "accepted")
    try write(bias: [22, 2], count: 22)
    #expect(
      message(directory).hasSuffix(
        "is a row of numbers, but stored with steps between them, or as integers with scales"))
    try write(bias: [11, 0], count: 11)
    #expect(message(directory).hasSuffix("its rows and columns share elements"))
  }

  /// A vocabulary that was cut at a line's end is one of its format: it is refused for the model's sake.
  @Test func aVocabularyOfOtherSizeIsRefused() throws {
    let directory = try TemporaryDirectory()
    try FamilyGolden("bert").writeWithText(to: directory)
    #expect(message(directory) == "accepted")
    try directory.write(FamilyGolden.tokens.dropLast().joined(separator: "\n"), to: "vocab.txt")
    #expect(message(directory).hasSuffix("the source's tokenizer has 39 tokens, the model 40"))
  }

  private func ctranslate2(_ width: Int, _ scalars: [CTranslate2Bytes.Variable]) throws -> String {
    func matrix(_ name: String) -> CTranslate2Bytes.Variable {
      .init(name, .float32, [4, width], [UInt8](repeating: 0, count: 16 * width))
    }
    let directory = try TemporaryDirectory()
    let names = ["encoder", "decoder"].flatMap { stack in
      ["embeddings", "layer_0/self_attention/linear_0", "layer_0/ffn/linear_0"].map {
        "\(stack)/\($0)/weight"
      }
    }
    let heads = CTranslate2Bytes.Variable("num_heads", .int8, [], [1])
    try directory.write(
      CTranslate2Bytes.file(version: 6, names.map(matrix) + [heads] + scalars), to: "model.bin")
    try directory.write(#"["<unk>","<s>","</s>","a"]"#, to: "shared_vocabulary.json")
    return message(directory)
  }

  private func scalar(_ name: String, _ value: Float) -> CTranslate2Bytes.Variable {
    .init(name, .float32, [], SafetensorsBytes.littleEndian(value.bitPattern))
  }

  /// Numbers of CTranslate2 may be floats where whole numbers are meant.
  @Test(arguments: [Float.nan, .infinity, -.infinity, 1e30, 0.5])
  func numbersThatAreNotWholeAreRefused(_ value: Float) throws {
    #expect(
      try ctranslate2(4, [scalar("activation", value)]).contains(
        "the activation \(Double(value)) is not supported"))
    #expect(
      try ctranslate2(4, [scalar("encoder/num_heads", value)]).contains(
        "num_heads of encoder and decoder differ"))
  }

  @Test func aModelWithoutWidthIsRefused() throws {
    #expect(try ctranslate2(0, []).hasSuffix("the width is 0, must be 1 to 65536"))
  }

  @Test(arguments: [Float.nan, .infinity, -1e30, 1.5])
  func anAlignmentThatIsNotWholeIsRefused(_ value: Float) throws {
    let directory = try TemporaryDirectory()
    try CTranslate2Golden("int8-tied").write(to: directory)
    let path = "\(directory.path)/model.bin"
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    // Two more variables, right behind the count of them.
    let count = bytes[26..<30].reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
    bytes.replaceSubrange(26..<30, with: SafetensorsBytes.littleEndian(count + 2))
    let two = CTranslate2Bytes.file(
      version: 6, [scalar("decoder/alignment_layer", value), scalar("decoder/alignment_heads", 1)])
    bytes.insert(contentsOf: two[30..<two.count - 4], at: 30)
    try directory.write(bytes, to: "model.bin")
    #expect(message(directory).contains("the alignment's layer \(Double(value))"))
  }
}
