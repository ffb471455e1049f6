import Foundation
import SourcesTestSupport
import SwiftletConversion
import SwiftletTokenizers
import Testing

/// No bytes do harm, whatever kind of tokenizer they are of: a result or a typed error.
@Suite struct KindRobustnessTests {
  private static let texts: [[UInt8]] = [
    Array("Hello, world! It's Tom's 42nd ﷺ ﬁsh.\r\n  \n".utf8),
    Array("a\u{301}\u{323}  ℵℵ 中 각 😀 <mask>New York\t<s>[MASK]<|im_start|>".utf8),
    Array("aaaaaaaaaaaaaaaaaaaaaa".utf8),
    [0x61, 0xFF, 0xE2, 0x96, 0xC3, 0x28, 0x00, 0xC0, 0xF0, 0x9F],
  ]

  /// Opens, and if that works encodes and decodes. Returns whether it opened.
  private func exercise(_ tokenizing: KindTokenizing) -> Bool {
    guard let tokenizer = try? tokenizing.open() else { return false }
    for text in Self.texts {
      guard let ids = try? tokenizing.encode(text, with: tokenizer) else { continue }
      #expect(ids.allSatisfy { $0 < tokenizer.vocabularySize })
      _ = try? tokenizing.decode(ids, with: tokenizer)
    }
    let pair = try? tokenizing.encodePair(Self.texts[0], Self.texts[1], with: tokenizer)
    #expect(pair?.ids.allSatisfy { $0 < tokenizer.vocabularySize } ?? true)
    let some = [0, 1, 2, 3, 65, 300, UInt32(tokenizer.vocabularySize - 1)].filter {
      $0 < tokenizer.vocabularySize
    }
    _ = try? tokenizing.stream(some, with: tokenizer)
    for id in some { _ = tokenizer.pieceText(id).count }
    return true
  }

  @Test(arguments: kindNames)
  func truncationsAreErrors(name: String) throws {
    let tokenizing = KindTokenizing(try kindSection(name))
    defer { withExtendedLifetime(tokenizing) {} }
    var opened = 0
    // Each by itself where tables are few; of large ones the header and some.
    let step = unsafe tokenizing.section.count < 30_000 ? 1 : 89
    let header = unsafe 0..<min(400, tokenizing.section.count)
    for count in unsafe Array(header)
      + Array(stride(from: header.upperBound, to: tokenizing.section.count, by: step))
    {
      let cut = unsafe UnsafeRawBufferPointer(rebasing: tokenizing.section[..<count])
      if unsafe (try? Tokenizer(section: cut)) != nil { opened += 1 }
    }
    #expect(opened == 0)
  }

  @Test(arguments: kindNames)
  func changedBytesAreErrorsOrHarmless(name: String) throws {
    var numbers = Seeded(0x5EED_0008, test: "changedBytesAreErrorsOrHarmless(\(name))")
    let section = try kindSection(name)
    let tokenizing = KindTokenizing(section)
    defer { withExtendedLifetime(tokenizing) {} }
    var opened = 0
    for _ in 0..<1_500 {
      var places: [Int] = []
      for _ in 0..<Int.random(in: 1...4, using: &numbers) {
        let limit = Bool.random(using: &numbers) ? min(200, section.count) : section.count
        let place = Int.random(in: 0..<limit, using: &numbers)
        places.append(place)
        unsafe tokenizing.section[place] = UInt8.random(in: 0...255, using: &numbers)
      }
      if exercise(tokenizing) { opened += 1 }
      for place in places { unsafe tokenizing.section[place] = section[place] }
    }
    #expect(opened > 0)
  }

  /// Good headers over tables of noise.
  @Test(arguments: kindNames)
  func tablesOfNoiseAreErrorsOrHarmless(name: String) throws {
    var numbers = Seeded(0x5EED_0009, test: "tablesOfNoiseAreErrorsOrHarmless(\(name))")
    let section = try kindSection(name)
    for _ in 0..<20 {
      let tokenizing = KindTokenizing(section)
      defer { withExtendedLifetime(tokenizing) {} }
      // The texts stay, or nothing would open.
      for table in 0..<17 where table != 1 && table != 2 {
        let entry = 48 + 8 * table
        func number(_ at: Int) -> Int { (0..<4).reduce(0) { $0 | Int(section[at + $1]) << (8 * $1) } }
        guard Bool.random(using: &numbers) else { continue }
        for place in number(entry)..<number(entry) + number(entry + 4) {
          unsafe tokenizing.section[place] = UInt8.random(in: 0...255, using: &numbers)
        }
      }
      _ = exercise(tokenizing)
    }
  }

  @Test(arguments: kindNames)
  func allScratchIsChecked(name: String) throws {
    let tokenizing = KindTokenizing(try kindSection(name))
    defer { withExtendedLifetime(tokenizing) {} }
    let tokenizer = try tokenizing.open()
    for text in Self.texts {
      let need = tokenizer.scratch(forTextBytes: text.count)
      for (bytes, nodes, room) in [
        (0, need.latticeNodes, 99), (need.normalizedBytes, 0, 99), (7, 5, 99), (0, 0, 0),
        (need.normalizedBytes, need.latticeNodes, 2),
      ] {
        var normalized = [UInt8](repeating: 0, count: bytes)
        var lattice = [LatticeNode](repeating: LatticeNode(), count: nodes)
        var ids = [UInt32](repeating: 0, count: room)
        var idSpan = ids.mutableSpan
        var normalizedSpan = normalized.mutableSpan
        var latticeSpan = lattice.mutableSpan
        _ = try? tokenizer.encode(
          text.span, into: &idSpan, normalized: &normalizedSpan, lattice: &latticeSpan)
      }
    }
    #expect(tokenizer.scratch(forTextBytes: .max) == (.max, .max))
    for room in 0..<8 {
      let made = try? tokenizing.encodePair(Self.texts[0], Self.texts[1], with: tokenizer, room: room)
      #expect(made == nil || made?.ids.isEmpty == true)
    }
  }
}
