import SwiftletModelFile
import Testing

/// Each rule of the header and of the section directory.
@Suite struct HeaderTests {
  private let model: ModelBytes

  init() throws { model = try tinyModel() }

  /// Why a change is refused, with size and checksum made right again.
  private func refused(_ change: (inout ModelBytes) -> Void) throws -> String {
    try refusal(model.changed(change))
  }

  @Test func otherFilesAreNoModels() throws {
    let text = "it is not a .swiftlet model (wrong magic number)"
    #expect(try refusal(ModelBytes(Array("{\"model_type\": \"marian\"}".utf8))) == text)
    #expect(try refusal(ModelBytes([0])) == text)
    #expect(try refusal(ModelBytes([])) == "it is empty")
    // A transfer as text turns CR LF into LF.
    #expect(try refused { $0.bytes.remove(at: 5) } == text)
  }

  @Test func otherVersionsAreNamed() throws {
    #expect(
      try refused { $0[8, as: UInt32.self] = 3 } == "it was made by format 3, this program reads up to 1")
    #expect(
      try refused { $0[8, as: UInt32.self] = .max }
        == "it was made by format 4294967295, this program reads up to 1")
    #expect(try refused { $0[8, as: UInt32.self] = 0 } == "format 0 does not exist")
  }

  @Test func aNewerVersionIsNamedEvenIfItsHeaderDiffers() throws {
    var newer = model
    newer[8, as: UInt32.self] = 2
    newer[12, as: UInt32.self] = 128
    newer[16, as: UInt64.self] = 1
    #expect(try refusal(newer) == "it was made by format 2, this program reads up to 1")
  }

  @Test func theSizeMustBeTheFiles() throws {
    for size in [0, 63, UInt64(model.bytes.count) - 1, UInt64(model.bytes.count) + 1, .max] {
      var other = model
      other[16, as: UInt64.self] = size
      #expect(try refusal(other) == "its header states \(size) bytes, it has \(model.bytes.count)")
    }
  }

  @Test func theHeaderHas64Bytes() throws {
    #expect(try refused { $0[12, as: UInt32.self] = 128 } == "header size is 128, must be 64 to 64")
  }

  @Test func reservedBytesMustBeZero() throws {
    for offset in stride(from: 36, to: 64, by: 4) {
      for byte in offset..<offset + 4 {
        #expect(try refused { $0.bytes[byte] = 1 } == "byte \(offset) and the three after it must be zero")
      }
    }
    for section in model.sections {
      for byte in 24..<32 {
        let text = try refused { $0.bytes[section.entry + byte] = 0x80 }
        #expect(text == "byte \(section.entry + (byte & ~3)) and the three after it must be zero")
      }
      #expect(
        try refused { $0[section.entry + 4, as: UInt32.self] = 2 } == "section flags is 2, must be 0 to 1")
    }
  }

  @Test func countsOfSectionsHaveALimit() throws {
    #expect(try refused { $0[32, as: UInt32.self] = 17 } == "section count is 17, must be 0 to 16")
    #expect(try refused { $0[32, as: UInt32.self] = .max } == "section count is 4294967295, must be 0 to 16")
    #expect(try refused { $0[32, as: UInt32.self] = 0 } == "section 1 is missing")
    // The directory itself must fit.
    let short = ModelBytes(Array(model.bytes[..<200])).changed { _ in }
    #expect(try refusal(short) == "it is cut short: 288 bytes are needed, 200 are there")
  }

  @Test(arguments: SectionKind.allCases)
  func everySectionIsNeededOnce(kind: SectionKind) throws {
    let other: SectionKind = kind == .metadata ? .decoding : .metadata
    #expect(
      try refused { $0[$0.entry(kind), as: UInt32.self] = other.rawValue }
        .contains("section \(other.rawValue) is there twice"))
    #expect(
      try refused { $0[$0.entry(kind), as: UInt32.self] = 99 } == "section 99 is not known to this program")
    #expect(
      try refused { $0[$0.entry(kind), as: UInt32.self] = 0 } == "section 0 is not known to this program")
    let missing = try refused {
      let entry = $0.entry(kind)
      $0[entry, as: UInt32.self] = .max
      $0[entry + 4, as: UInt32.self] = 1
    }
    #expect(missing == "section \(kind.rawValue) is missing")
  }

  @Test func unknownOptionalSectionsArePassedOver() throws {
    // There is room for one more entry before the first section.
    let more = model.changed {
      let entry = 64 + 32 * Int($0[32, as: UInt32.self])
      $0[32, as: UInt32.self] += 1
      $0[entry, as: UInt32.self] = 12
      $0[entry + 4, as: UInt32.self] = 1
      $0[entry + 8, as: UInt64.self] = UInt64($0.section(.metadata).lowerBound)
    }
    #expect(try refusal(more) == "accepted")
    #expect(try ModelOnDisk(more).exercise())
    let entry = 64 + 32 * model.sections.count
    #expect(
      try refusal(more.changed { $0[entry + 4, as: UInt32.self] = 0 })
        == "section 12 is not known to this program")
    #expect(
      try refusal(more.changed { $0[entry + 16, as: UInt64.self] = .max }).contains(
        "section 12 has no valid place"))
  }

  @Test(arguments: SectionKind.allCases)
  func placesOutsideOfTheFileAreRefused(kind: SectionKind) throws {
    let range = model.section(kind)
    let count = UInt64(model.bytes.count)
    let directoryEnd = 64 + 32 * model.sections.count
    let places: [(offset: UInt64, size: UInt64)] = [
      (0, 64), (UInt64(directoryEnd - 1) & ~63, 64), (UInt64(range.lowerBound) + 1, 1),
      (UInt64(range.lowerBound) + 32, 1),
      (count, 64), (UInt64(range.lowerBound), count), (1 << 63, 64), (UInt64.max - 63, 64),
      (UInt64.max & ~63, .max),
      (UInt64(range.lowerBound), .max), (64, UInt64.max - 63), (UInt64(range.lowerBound), UInt64(Int.max)),
    ]
    for place in places {
      let text = try refused {
        let entry = $0.entry(kind)
        $0[entry + 8, as: UInt64.self] = place.offset
        $0[entry + 16, as: UInt64.self] = place.size
      }
      #expect(
        text == "section \(kind.rawValue) has no valid place: offset \(place.offset), size \(place.size)",
        "\(place)")
    }
  }

  @Test func sectionsMustNotOverlap() throws {
    for kind in SectionKind.allCases {
      for other in SectionKind.allCases where other != kind {
        let tokenizers: Set<SectionKind> = [.sourceTokenizer, .targetTokenizer]
        if tokenizers == [kind, other] { continue }
        let text = try refused {
          let range = $0.section(other)
          let entry = $0.entry(kind)
          $0[entry + 8, as: UInt64.self] = UInt64(range.lowerBound)
          $0[entry + 16, as: UInt64.self] = UInt64(range.count)
        }
        #expect(text.contains("has no valid place"), "\(kind) over \(other): \(text)")
      }
    }
    // Tokenizers may be the same bytes, but not partly.
    let partly = try refused { $0[$0.entry(.targetTokenizer) + 16, as: UInt64.self] -= 8 }
    #expect(partly.contains("section 5 has no valid place"))
  }

  @Test func sectionsHaveTheSizeOfTheirContent() throws {
    for (kind, size) in [
      (SectionKind.architecture, 256), (.decoding, 192), (.tensorTable, model.section(.tensorTable).count),
    ] {
      for wrong in [0, size - 1, size / 2] {
        let text = try refused { $0[$0.entry(kind) + 16, as: UInt64.self] = UInt64(wrong) }
        #expect(text == "section \(kind.rawValue) has \(wrong) bytes, expected \(size)")
      }
    }
    let none = model.changed { $0[$0.entry(.sourceTokenizer) + 16, as: UInt64.self] = 0 }
    #expect(try !ModelOnDisk(none).exercise())
  }

  @Test func filesThatAreNoFilesAreRefused() throws {
    func refusal(_ path: String) -> String {
      do throws(ModelFileError) {
        _ = try unsafe ModelFile(path: path)
        return "accepted"
      } catch {
        return error.description
      }
    }
    #expect(refusal("/nonexistent/model") == "cannot open it: No such file or directory")
    #expect(refusal("/") == "cannot open it: not a regular file")
    #expect(refusal("/dev/null") == "cannot open it: not a regular file")
  }
}
