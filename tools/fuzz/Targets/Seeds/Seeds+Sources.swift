import Foundation
import SourcesTestSupport

/// Files of weights, in every format that is read.
extension Seeds {
  private static let numbers: [UInt8] = (1...6).flatMap {
    SafetensorsBytes.littleEndian(Float($0).bitPattern)
  }

  static func json() throws -> [[UInt8]] {
    let directory = try TemporaryDirectory()
    try FamilyGolden("llama-llama3").write(to: directory)
    try TinyMarian().writeText(to: directory)
    return [
      file("config.json", in: directory), file("vocab.json", in: directory),
      Array(
        #" {"n":null,"t":true,"f":false,"i":-12,"d":1.5e+2,"s":"\u00e9\ud83d\ude00\n\b\/","a":[1,[{}]]} "#
          .utf8),
      Array(#"{"a":0,"\u0062":1,"\t\\\"":2}"#.utf8),
    ]
  }

  static func safetensors() -> [[UInt8]] {
    let types = [("F64", 8), ("F32", 4), ("F16", 2), ("BF16", 2), ("I8", 1), ("F4", 1), ("BOOL", 1)]
    let each = types.map { type, size in
      SafetensorsBytes.file([.init("a", type: type, shape: [2, 2], bytes: Array(numbers.prefix(4 * size)))])
    }
    return each + [
      SafetensorsBytes.file([
        .init("a", [2, 3], [1, 2, 3, 4, 5, 6]), .init("b", [], [.nan]), .init("c", [0], []),
      ])
    ]
  }

  static func torch() -> [[UInt8]] {
    var half = TorchBytes.Tensor("half", count: 2, shape: [2], strides: [1])
    half.storage = "HalfStorage"
    var part = TorchBytes.Tensor("part", count: 6, shape: [2], strides: [1])
    (part.offset, part.isParameter) = (3, true)
    let tensors = [
      TorchBytes.Tensor("rows", count: 6, shape: [2, 3], strides: [3, 1]),
      TorchBytes.Tensor("columns", count: 6, shape: [3, 2], strides: [1, 3]), half, part,
    ]
    let storages: [[UInt8]] = [numbers, numbers, [0x00, 0x3C, 0x00, 0xC0], numbers]
    return [
      TorchBytes.file(tensors, storages), TorchBytes.legacyFile(tensors, storages),
      TorchBytes.file([tensors[0]], [numbers]), TorchBytes.legacyFile([tensors[1]], [numbers]),
    ] + archives()
  }

  static func llama2C() throws -> [[UInt8]] {
    let tokens =
      ["<unk>", "\n<s>\n", "\n</s>\n"] + (0...255).map { String(format: "<0x%02X>", $0) } + [" ", "a", " a"]
    let vocabulary =
      SafetensorsBytes.littleEndian(Int32(6))
      + tokens.flatMap { token in
        [0, 0, 0, 0] + SafetensorsBytes.littleEndian(Int32(token.utf8.count)) + Array(token.utf8)
      }
    return [1, -1].map { tied in
      let header = [2, 3, 1, 1, 1, tied * tokens.count, 3].flatMap {
        SafetensorsBytes.littleEndian(Int32($0))
      }
      let table = 2 * tokens.count
      let floats = table + 2 + 16 + 2 + 18 + 2 + 6 + (tied < 0 ? table : 0)
      let weights = (0..<floats).flatMap { SafetensorsBytes.littleEndian(Float($0 % 7 - 3).bitPattern) }
      return Parts.join([vocabulary, header + weights])
    }
  }

  static func ctranslate2() throws -> [[UInt8]] {
    let surrounded = Array(#"{"add_source_bos": true, "add_source_eos": true}"#.utf8)
    return try variables()
      + CTranslate2Golden.names.flatMap { name in
        let directory = try TemporaryDirectory()
        try CTranslate2Golden(name).write(to: directory)
        let (config, model) = (file("config.json", in: directory), file("model.bin", in: directory))
        let vocabulary = file("shared_vocabulary.json", in: directory)
        // The same with characters for tokens.
        let count = vocabulary.count { $0 == 0x2C } + 1
        let lines =
          ["<blank>", "<s>", "</s>"] + (3..<count).compactMap { Unicode.Scalar(0x5E + $0).map(String.init) }
        let text = Array(lines.joined(separator: "\n").utf8)
        return [
          Parts.join([config, vocabulary, [], [], model]), Parts.join([config, [], text, text, model]),
          Parts.join([surrounded, [], text, text, model]),
        ]
      }
  }

  static func directories() throws -> [[UInt8]] {
    let families = try FamilyGolden.names.map { name in
      let directory = try TemporaryDirectory()
      let golden = try FamilyGolden(name)
      if name == "marian" { try golden.write(to: directory) } else { try golden.writeWithText(to: directory) }
      return parts(of: directory)
    }
    let marian = try TemporaryDirectory()
    try TinyMarian().writeWithText(to: marian)
    try marian.write(
      #"{"source_lang": "en", "target_lang": "fr", "unk_token": "<unk>", "separate_vocabs": false}"#,
      to: "tokenizer_config.json")
    return try families + [parts(of: marian), sharded(), stored(), graphemes()] + languages()
  }

  /// Weights in two files, and the table that says which has what.
  private static func sharded() throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    let marian = TinyMarian()
    try marian.writeText(to: directory)
    try directory.write(marian.configuration, to: "config.json")
    let tensors = marian.tensors.sorted { $0.key < $1.key }.map(\.value)
    let middle = tensors.count / 2
    try directory.write(SafetensorsBytes.file(Array(tensors[..<middle])), to: "one.safetensors")
    try directory.write(SafetensorsBytes.file(Array(tensors[middle...])), to: "two.safetensors")
    let places = tensors.enumerated().map { place, tensor in
      "\"\(tensor.name)\": \"\(place < middle ? "one" : "two").safetensors\""
    }
    try directory.write(
      "{\"metadata\": {}, \"weight_map\": {\(places.joined(separator: ", "))}}",
      to: "model.safetensors.index.json")
    return parts(of: directory)
  }

  /// A Marian model that has its positions with it: made up, so that they are not what they should be.
  private static func stored() throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    var marian = TinyMarian()
    let name = "model.encoder.embed_positions.weight"
    marian.tensors[name] = .init(name, [marian.positions, marian.width], [])
    marian.tensors[name]?.bytes = Array(repeating: 0, count: 4 * marian.positions * marian.width)
    try marian.writeWithText(to: directory)
    return parts(of: directory)
  }

  /// A model whose tokens are characters, which its configuration lists.
  private static func graphemes() throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    try FamilyGolden("bart").write(
      to: directory, replacing: "\"vocab_size\"",
      with: "\"grapheme_chars\": \"____ab'\", \"phoneme_chars\": \"____\u{2C8}\u{E6}\", \"vocab_size\"",
      in: "config.json")
    return parts(of: directory)
  }

  /// The files of a directory, without weights.
  static func parts(of directory: TemporaryDirectory) -> [UInt8] {
    Parts.join(
      directoryFiles.map { name in
        let bytes = file(name, in: directory)
        return name.hasSuffix(".safetensors") && !bytes.isEmpty ? WeightlessFile.header(of: bytes) : bytes
      })
  }
}
