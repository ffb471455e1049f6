import Foundation
import SourcesTestSupport
import SwiftletConversion
import SwiftletSources
import SwiftletTokenizers
import Testing

/// No bytes do harm: a result or a typed error.
@Suite struct RobustnessTests {
  private static let texts: [[UInt8]] = [
    Array("Hello, world! It's Tom's 42nd ﷺ ﬁsh.".utf8),
    Array("a\u{301}  ℵℵ 中 😀 <sep>New York\t".utf8),
    Array(">>fra<< aaaaaaaaaaaaaaaaaaaaaa".utf8),
    [0x61, 0xFF, 0xE2, 0x96, 0xC3, 0x28, 0x00, 0xF0, 0x9F],
  ]

  /// Opens, and if that works encodes and decodes. Returns whether it opened.
  private func exercise(_ tokenizing: Tokenizing) -> Bool {
    guard let tokenizer = try? tokenizing.open() else { return false }
    for text in Self.texts {
      guard let ids = try? tokenizing.encode(text, with: tokenizer) else { continue }
      #expect(ids.allSatisfy { $0 < tokenizer.vocabularySize })
      _ = try? tokenizing.decode(ids, with: tokenizer)
    }
    let some = [0, 1, 2, 3, 65, 300, UInt32(tokenizer.vocabularySize - 1)]
    _ = try? tokenizing.decode(some, with: tokenizer)
    for id in some { _ = tokenizer.pieceText(id).count }
    return true
  }

  @Test(arguments: ["bytes", "suffix"])
  func everyTruncationIsAnError(name: String) throws {
    let section = try smallSection(name)
    for count in 0..<section.count {
      let tokenizing = Tokenizing(Array(section[..<count]))
      #expect(throws: TokenizerError.self) { try tokenizing.open() }
    }
  }

  @Test func everyTruncationOfTheLargeSectionIsAnError() throws {
    let tokenizing = Tokenizing(try enFrSection())
    defer { withExtendedLifetime(tokenizing) {} }
    var opened = 0
    for count in unsafe 0..<tokenizing.section.count {
      let cut = unsafe UnsafeRawBufferPointer(rebasing: tokenizing.section[..<count])
      if unsafe (try? UnigramTokenizer(section: cut)) != nil { opened += 1 }
    }
    #expect(opened == 0)
  }

  /// 15,000 changed bytes; few of them in the section that takes long to open.
  @Test(arguments: [("en-fr", 1_000), ("bytes", 9_000), ("suffix", 5_000)])
  func corruptBytesAreErrorsOrHarmless(name: String, rounds: Int) throws {
    var numbers = Seeded(0x5EED_0001, test: "corruptBytesAreErrorsOrHarmless(\(name))")
    let section = name == "en-fr" ? try enFrSection() : try smallSection(name)
    let tokenizing = Tokenizing(section)
    var opened = 0
    for round in 0..<rounds {
      // A quarter in the header, where most depends on a byte.
      let place = Int.random(in: 0..<(round % 4 == 0 ? 104 : section.count), using: &numbers)
      let byte = unsafe tokenizing.section[place]
      unsafe tokenizing.section[place] = byte ^ UInt8.random(in: 1...255, using: &numbers)
      if exercise(tokenizing) { opened += 1 }
      unsafe tokenizing.section[place] = byte
    }
    #expect(opened > 0 && opened < rounds)
    #expect(exercise(tokenizing))
  }

  /// The file is mapped: it can change after it was opened.
  @Test(arguments: ["bytes", "suffix", "kept"])
  func bytesThatChangeAfterOpeningAreHarmless(name: String) throws {
    var numbers = Seeded(0x5EED_0002, test: "bytesThatChangeAfterOpeningAreHarmless(\(name))")
    let tokenizing = Tokenizing(try smallSection(name))
    let tokenizer = try tokenizing.open()
    for _ in 0..<500 {
      for _ in 0..<20 {
        unsafe tokenizing.section[Int.random(in: 0..<tokenizing.section.count, using: &numbers)] =
          UInt8.random(
            in: 0...255, using: &numbers)
      }
      for text in Self.texts {
        guard let ids = try? tokenizing.encode(text, with: tokenizer) else { continue }
        #expect(ids.allSatisfy { $0 < tokenizer.vocabularySize })
        _ = try? tokenizing.decode(ids, with: tokenizer)
      }
    }
  }

  @Test func randomBytesEncode() throws {
    var numbers = Seeded(0x5EED_0003, test: "randomBytesEncode")
    for name in ["bytes", "suffix", "kept"] {
      let tokenizing = Tokenizing(try smallSection(name))
      let tokenizer = try tokenizing.open()
      for _ in 0..<1_000 {
        let text = (0..<Int.random(in: 0...64, using: &numbers)).map { _ in
          UInt8.random(in: 0...255, using: &numbers)
        }
        let ids = try tokenizing.encode(text, with: tokenizer)
        let decoded = try tokenizing.decode(ids, with: tokenizer)
        #expect(decoded.count <= tokenizer.decodedBytes(forIDs: ids.count))
        #expect(firstInvalidUTF8(in: decoded.span) == nil)
      }
    }
  }

  /// Byte fallback and no normalisation lose nothing: what is put together again is the text.
  @Test func byteFallbackLosesNothing() throws {
    var numbers = Seeded(0x5EED_0004, test: "byteFallbackLosesNothing")
    let tokenizing = Tokenizing(try smallSection("bytes"))
    let tokenizer = try tokenizing.open()
    let pool = Array("abc the ing \u{301}é中😀ℵ\u{200D}\u{FFFD}<sep>New York\u{0}\t\r\n".unicodeScalars)
    for _ in 0..<2_000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...40, using: &numbers) {
        text.append(pool.randomElement(using: &numbers)!)
      }
      let bytes = Array(String(text).utf8)
      let ids = try tokenizing.encode(bytes, with: tokenizer)
      #expect(try tokenizing.decode(ids, with: tokenizer) == bytes, "\(bytes)")
    }
  }
}
