import Foundation
import SwiftletConversion
import SwiftletSources
import SwiftletTokenizers
import Testing

let kindNames = [
  "sp-pairs", "sp-pairs-kept", "llama", "mistral", "gpt2", "roberta", "llama3", "qwen2", "smollm", "bert",
  "bert-cased", "t5", "xlm-roberta",
]

/// Every id as the references have it, and every decoded byte, for every kind of tokenizer.
@Suite struct KindsTests {
  @Test(arguments: kindNames)
  func everyLineEncodesAndDecodesAsInTheReference(name: String) throws {
    let lines = try KindGolden.lines()
    let hashes = try KindGolden.hashes(name)
    #expect(lines.count == hashes.count && lines.count >= 1_000)
    let tokenizing = KindTokenizing(try kindSection(name))
    let tokenizer = try tokenizing.open()
    for (line, hash) in zip(lines, hashes) {
      let ids = try tokenizing.encode(Array(line.utf8), with: tokenizer)
      let text = try tokenizing.decode(ids, with: tokenizer)
      #expect(KindGolden.hash(ids, text) == hash, "\(line.debugDescription) \(ids)")
    }
  }
}
