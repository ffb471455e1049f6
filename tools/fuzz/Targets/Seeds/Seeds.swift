import Foundation
import SourcesTestSupport
import SwiftletConversion

/// Inputs that fuzzing begins with, by target: small, good ones of every kind.
enum Seeds {
  static func fixture(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: repository.appending(path: "Tests/TokenizersTests/Fixtures/\(path)")))
  }

  static func file(_ name: String, in directory: TemporaryDirectory) -> [UInt8] {
    (try? Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/\(name)"))).map { Array($0) } ?? []
  }

  static let lines = [
    "Hello, world! It's Tom's 42nd ﷺ ﬁsh.\r\n  \n",
    "a\u{301}\u{323}  ℵℵ 中 각 😀 <mask>New York\t<s>[MASK]<|im_start|>",
    "  leading, trailing  ", "ÅÄÖ åäö \u{1100}\u{1161}\u{11A8} ½ ①", "x = f(y[0]) // 1234567 & 3.14\n\n\tend",
    "\u{2581}\u{2581}a <0x0A> \u{FFFD}\u{FEFF}\u{200D}", "</s><unk>[CLS] it's I'LL we've", "", ">>fra<< a",
    "▁a▁▁b c▁",
    "a" + String(repeating: "\u{301}\u{323}\u{345}", count: 40),
  ]

  static func texts() -> [[UInt8]] {
    KnownTokenizer.all.indices.flatMap { kind in
      lines.map { [UInt8(kind)] + Array($0.utf8) } + [
        [UInt8(kind), 0x61, 0xFF, 0xE2, 0x96, 0xC3, 0x28, 0, 0xF0, 0x9F]
      ]
    }
  }

  static func ids() throws -> [[UInt8]] {
    try texts().compactMap { text in
      let known = KnownTokenizer.all[Int(text[0])]
      return try known.harness.encode(Array(text.dropFirst())).map { ids in
        [text[0]] + ids.prefix(100).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8 & 0xFF)] }
      }
    } + [[0, 0xFF, 0xFF]]
  }

  static func tasks() -> [[UInt8]] {
    SmallModel.all.indices.flatMap { model in
      ["a b c", "h e l l o [MASK]\tw o", "b a [MASK] a", "", "éa", " \n a \t"].map { text in
        [UInt8(model)] + Parts.join([Array("a".utf8), Array("b c".utf8), Array(text.utf8)])
      }
    }
  }

  static func pairs() -> [[UInt8]] {
    ["a b\tc d\na\tc\n", "h e l l o\n\tx\n\n", "a\tb\tleft out\r\nq"].map { Array($0.utf8) }
  }
}
