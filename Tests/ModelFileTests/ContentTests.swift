import SwiftletModelFile
import Testing

/// Each rule of the architecture, of the decoding defaults and of the tensor table.
@Suite struct ContentTests {
  private let model: ModelBytes

  init() throws { model = try tinyModel() }

  private func refused(_ change: (inout ModelBytes) -> Void) throws -> String {
    try refusal(model.changed(change))
  }

  /// Writes a word of a section.
  private func refused(_ kind: SectionKind, word: Int, _ value: UInt32) throws -> String {
    try refused { $0[$0.section(kind).lowerBound + 4 * word, as: UInt32.self] = value }
  }

  private static let ranges: [(word: Int, name: String, range: ClosedRange<UInt32>)] = [
    (0, "encoder layers", 0...1024), (1, "decoder layers", 0...1024), (2, "width", 1...65_536),
    (3, "heads", 1...1024), (4, "head width", 1...4096), (5, "encoder feed-forward width", 0...65_536),
    (6, "decoder feed-forward width", 0...65_536), (7, "source vocabulary", 1...4_000_000),
    (8, "target vocabulary", 1...4_000_000), (9, "positions", 1...65_536),
    (10, "first position", 0...65_536), (11, "norm placement", 0...1), (12, "activation", 0...5),
    (13, "position encoding", 0...3), (16, "shared embeddings", 0...1), (17, "embedding norm", 0...1),
    (18, "final norm", 0...1), (19, "key and value heads", 1...3), (20, "rotary width", 0...4),
    (21, "relative distance", 0...65_536), (22, "attention window", 0...65_536), (24, "norm kind", 0...1),
    (25, "parallel sublayers", 0...1), (26, "gated feed-forward", 0...1), (27, "embedding width", 0...65_536),
    (28, "segments", 0...256), (29, "pooling", 0...4), (30, "projection width", 0...65_536),
    (31, "head activation", 0...5), (32, "normalised result", 0...1), (33, "classes", 0...1_000_000),
    (34, "token prediction", 0...1),
  ]

  @Test(arguments: ranges)
  func architectureFieldsHaveRanges(word: Int, name: String, range: ClosedRange<UInt32>) throws {
    for value in [range.lowerBound &- 1, range.upperBound + 1, 1 << 31, .max] where !range.contains(value) {
      let text = "\(name) is \(value), must be \(range.lowerBound) to \(range.upperBound)"
      #expect(try refused(.architecture, word: word, value) == text)
    }
    // The ends of the range are fields in range; what they imply may then be wrong.
    // Word 8 must be word 7's, as embeddings are shared; words 5 and 6 not 0, as there are layers.
    for value in [range.lowerBound, range.upperBound]
    where word != 8 && !(value == 0 && (5...6).contains(word)) {
      #expect(try !refused(.architecture, word: word, value).contains("\(name) is \(value), must be"))
    }
  }

  @Test func architectureFloatsHaveRanges() throws {
    for (word, name, wrong) in [
      (14, "embedding scale", [0, -1, 9e-7, 1.1e6, .infinity, .nan]),
      (15, "norm epsilon", [0, -1, 9e-13, 1.1, .infinity, .nan]),
      (23, "attention scale", [-1, 1.1e6, .infinity, .nan]),
    ] as [(Int, String, [Float])] {
      for value in wrong {
        #expect(
          try refused(.architecture, word: word, value.bitPattern).hasPrefix("\(name) is out of range (bits ")
        )
      }
    }
  }

  @Test func architectureFieldsMustFitTogether() throws {
    let start = model.section(.architecture).lowerBound
    let wide = try refused {
      $0[start + 12, as: UInt32.self] = 1024
      $0[start + 16, as: UInt32.self] = 127
    }
    #expect(wide == "heads times head width is 130048, must be 1 to 65536")
    #expect(try refused(.architecture, word: 8, 12) == "target vocabulary is 12, must be 11 to 11")
    for (word, value, text) in [
      (5, 0, "encoder feed-forward width is 0, must be 1 to 65536"),
      (6, 0, "decoder feed-forward width is 0, must be 1 to 65536"),
      (10, 65_536, "first and last position is 65552, must be 1 to 65536"),
      (20, 3, "rotary width, which is even is 1, must be 0 to 0"),
      (25, 1, "norm placement of parallel sublayers is 0, must be 1 to 1"),
      (29, 1, "an encoder's head beside a decoder is 1, must be 0 to 0"),
    ] as [(Int, UInt32, String)] {
      #expect(try refused(.architecture, word: word, value) == text)
    }
    #expect(
      try refused {
        $0[start, as: UInt32.self] = 0; $0[start + 4, as: UInt32.self] = 0
      }
        == "decoder layers is 0, must be 1 to 1024")
    for word in 35..<64 {
      #expect(
        try refused(.architecture, word: word, 1)
          == "byte \(start + 4 * word) and the three after it must be zero")
    }
    // More layers need a longer table.
    #expect(try refused(.architecture, word: 0, 3).hasPrefix("section 3 has "))
  }

  @Test func hugeArchitecturesAreRefusedWithoutOverflow() throws {
    let start = model.section(.architecture).lowerBound
    let text = try refused {
      for (word, value) in [
        (2, 65_536), (3, 1024), (4, 63), (5, 65_536), (6, 65_536), (7, 4_000_000), (8, 4_000_000),
        (19, 1024),
      ] {
        $0[start + 4 * word, as: UInt32.self] = UInt32(value)
      }
      let table = $0.section(.tensorTable).lowerBound
      $0[table + 8, as: UInt32.self] = 4_000_000
      $0[table + 12, as: UInt32.self] = 65_536
    }
    #expect(text.hasPrefix("tensor source-embedding: data has no valid place"))
  }

  @Test func decodingDefaultsHaveRanges() throws {
    let start = model.section(.decoding).lowerBound
    #expect(try refused(.decoding, word: 0, 11) == "start token is 11, must be 0 to 10")
    #expect(try refused(.decoding, word: 1, 0) == "maximum of tokens is 0, must be 1 to 16")
    #expect(try refused(.decoding, word: 1, 17) == "maximum of tokens is 17, must be 1 to 16")
    #expect(try refused(.decoding, word: 2, 12) == "forced first token is 12, must be 0 to 11")
    #expect(try refused(.decoding, word: 3, 0) == "beams is 0, must be 1 to 64")
    #expect(try refused(.decoding, word: 3, 65) == "beams is 65, must be 1 to 64")
    let infinite = try refused(.decoding, word: 4, Float.infinity.bitPattern)
    #expect(infinite.hasPrefix("length penalty is out of range"))
    #expect(try refused(.decoding, word: 5, 2) == "early stopping is 2, must be 0 to 1")
    #expect(try refused(.decoding, word: 6, 0) == "end tokens is 0, must be 1 to 8")
    #expect(try refused(.decoding, word: 6, 9) == "end tokens is 9, must be 1 to 8")
    #expect(try refused(.decoding, word: 7, 33) == "suppressed tokens is 33, must be 0 to 32")
    #expect(try refused(.decoding, word: 8, .max) == "end token is 4294967295, must be 0 to 10")
    let suppressed = try refused {
      $0[start + 28, as: UInt32.self] = 32
      $0[start + 64 + 4 * 31, as: UInt32.self] = 11
    }
    #expect(suppressed == "suppressed token is 11, must be 0 to 10")
    for word in Array(9..<16) + Array(16 + Int(model[start + 28, as: UInt32.self])..<48) {
      #expect(
        try refused(.decoding, word: word, 1)
          == "byte \(start + 4 * word) and the three after it must be zero")
    }
  }

  @Test func tensorsMustBeThoseOfTheArchitecture() throws {
    let table = model.section(.tensorTable).lowerBound
    let count = model.section(.tensorTable).count / 64
    for index in 0..<count {
      let entry = table + 64 * index
      for field in [0, 2, 4] {
        let text = try refused { $0[entry + field, as: UInt16.self] ^= 1 }
        #expect(text.hasPrefix("tensor \(index) is not "))
      }
      #expect(try refused { $0[entry + 6, as: UInt16.self] ^= 3 }.contains("element type is "))
      #expect(try refused { $0[entry + 8, as: UInt32.self] += 1 }.contains("rows is "))
      #expect(
        try refused { $0[entry + 12, as: UInt32.self] = .max }.contains("columns is 4294967295, expected "))
      for group in [1, 16, 63, 128, UInt32.max] {
        #expect(try refused { $0[entry + 16, as: UInt32.self] = group }.contains("group is \(group)"))
      }
      #expect(try refused { $0[entry + 20, as: UInt32.self] = 4 }.contains("flags is 4"))
      // Two parts of inputs would need more room than the widest inputs have.
      #expect(try refused { $0[entry + 20, as: UInt32.self] = 3 }.contains("flags is 3"))
      // Factors and shifts of inputs, which only matrices with groups have.
      #expect(try refused { $0[entry + 56, as: UInt64.self] = 1 }.contains("inputs "))
    }
  }

  @Test func floatTensorsHaveNothingOfInt8Ones() throws {
    let norm = model.section(.tensorTable).lowerBound + 64
    #expect(model[norm + 6, as: UInt16.self] == 1)
    #expect(try refused { $0[norm + 16, as: UInt32.self] = 64 }.contains("group is 64"))
    #expect(try refused { $0[norm + 20, as: UInt32.self] = 1 }.contains("flags is 1"))
    for (field, name) in [(32, "scales"), (40, "sums"), (48, "bias"), (56, "inputs")] {
      let text = try refused {
        $0[norm + field, as: UInt64.self] = UInt64($0.section(.tensorData).lowerBound)
      }
      #expect(text.contains("\(name) is "))
    }
  }

  @Test func weightsMustNotBeMinus128() throws {
    let table = model.section(.tensorTable).lowerBound
    for (index, name) in [
      (0, "source-embedding"), (3, "encoder.0.self-query-key-value"), (23, "decoder.0.feed-forward-out"),
    ] {
      let data = Int(model[table + 64 * index + 24, as: UInt64.self])
      // The first, one in the middle, one of the padding.
      for offset in [data, data + 77, data + 1023] {
        let text = try refused { $0.bytes[offset] = 0x80 }
        #expect(text == "tensor \(name): the weight at byte \(offset) is -128, must be -127 to 127")
      }
    }
    let float = Int(model[table + 64 + 24, as: UInt64.self])
    #expect(try refused { $0.bytes[float] = 0x80 } == "accepted")
  }

  @Test(arguments: [0, 64])
  func tensorsMustLieInTheirSection(group: Int) throws {
    let model = try tinyModel(group: group)
    let table = model.section(.tensorTable).lowerBound
    let data = model.section(.tensorData)
    let fields = [(24, "data"), (32, "scales"), (40, "sums"), (48, "bias")]
    for index in 0..<model.section(.tensorTable).count / 64 {
      for (field, name) in fields {
        let place = table + 64 * index + field
        let offset = model[place, as: UInt64.self]
        guard offset > 0 else { continue }
        for wrong in [
          1, 32, 64, UInt64(data.lowerBound) - 64, offset + 1, offset + 32, UInt64(data.upperBound),
          UInt64(data.upperBound) + 64,
          1 << 63, .max & ~63, .max,
        ] {
          let text = try refusal(model.changed { $0[place, as: UInt64.self] = wrong })
          #expect(text.contains(": \(name) has no valid place: offset \(wrong), size "), "\(text)")
        }
        // Only a bias may be missing.
        let missing = try refusal(model.changed { $0[place, as: UInt64.self] = 0 })
        #expect(name == "bias" ? missing == "accepted" : missing.contains("has no valid place: offset 0"))
      }
    }
  }
}
