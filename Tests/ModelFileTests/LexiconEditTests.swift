import SourcesTestSupport
import Swiftlet
import SwiftletModelFile
import SwiftletPlatform
import Testing

/// Every edit of a small lexical shortlist: it is refused, or a translation with it ends as any does.
@Suite struct LexiconEditTests {
  /// A file for 11 source and 11 target tokens: two likely ones for each, and two for all.
  private static let bytes: [UInt8] = {
    let offsets = (0...12).map { UInt32(2 * $0) }
    let tokens = (0..<24).map { UInt32($0 % 11) }
    return Array("swiftlex".utf8) + ([11, 11] + offsets + tokens).flatMap(SafetensorsBytes.littleEndian)
  }()

  @safe private final class Memory {
    let bytes: UnsafeMutableRawBufferPointer
    init(_ bytes: [UInt8]) {
      unsafe self.bytes = .allocate(byteCount: bytes.count, alignment: 8)
      unsafe self.bytes.copyBytes(from: bytes)
    }
    deinit { unsafe bytes.deallocate() }
    func file(_ count: Int) -> MappedFile {
      unsafe MappedFile(memory: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }
  }

  private func translator() throws -> Translator {
    let model = try TemporaryDirectory().write(try tinyModel().bytes, to: "model.swiftlet")
    var sizes = ConstraintSizes()
    sizes.hasShortlist = true
    return unsafe try Translator(path: model, source: 8, target: 8, constraints: sizes)
  }

  /// Whether a file of `count` bytes is taken; it is then used.
  private func translates(_ memory: Memory, _ count: Int, _ translator: inout Translator) throws -> Bool {
    guard unsafe Lexicon.isOne(UnsafeRawBufferPointer(rebasing: memory.bytes[..<count])) else { return false }
    do throws(SwiftletError) {
      try translator.use(try Lexicon(memory.file(count), translator.model.architecture))
    } catch { return false }
    let text = Array("ab c".utf8)
    try translator.translate(text.span, maximumTokens: 3)
    return true
  }

  @Test func everyEditIsRefusedOrHarmless() throws {
    var translator = try translator()
    let memory = Memory(Self.bytes)
    defer { withExtendedLifetime(memory) {} }
    #expect(try translates(memory, Self.bytes.count, &translator))
    var (cuts, flips) = (EditCount(), EditCount())
    for length in 0..<Self.bytes.count {
      cuts.add(accepted: try translates(memory, length, &translator))
    }
    for place in Self.bytes.indices {
      for bit in EditedFile.bits {
        unsafe memory.bytes[place] ^= bit
        flips.add(accepted: try translates(memory, Self.bytes.count, &translator))
        unsafe memory.bytes[place] ^= bit
      }
    }
    #expect(cuts.accepted == 0 && flips.accepted > 0 && flips.refused > flips.accepted)
    print("lexical shortlist, \(Self.bytes.count) bytes: truncations: \(cuts); flipped bits: \(flips)")
  }

  /// It is mapped, so another process may write to it when it has been checked: the worst is another translation.
  @Test func bytesThatChangeAfterOpeningAreHarmless() throws {
    var translator = try translator()
    let memory = Memory(Self.bytes)
    defer { withExtendedLifetime(memory) {} }
    #expect(try translates(memory, Self.bytes.count, &translator))
    let text = Array("ab c".utf8)
    for place in 16..<Self.bytes.count {
      for byte: UInt8 in [0, 0x7F, 0x80, 0xFF] {
        unsafe memory.bytes[place] = byte
        try translator.translate(text.span, maximumTokens: 3)
      }
      unsafe memory.bytes[place] = Self.bytes[place]
    }
    for place in 16..<Self.bytes.count { unsafe memory.bytes[place] = 0xFF }
    try translator.translate(text.span, maximumTokens: 3)
  }

  @Test func bytesBehindTheEndAreRefused() throws {
    var translator = try translator()
    for rest in 1...5 {
      let memory = Memory(Self.bytes + [UInt8](repeating: 0, count: rest))
      defer { withExtendedLifetime(memory) {} }
      #expect(try !translates(memory, Self.bytes.count + rest, &translator))
    }
  }
}
