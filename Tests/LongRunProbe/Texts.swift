import Foundation
import SourcesTestSupport

/// Lines by their numbers.
struct Texts {
  private let sentences: [String]

  /// - Throws: If the sentences of the development set can't be read: the working directory is the repository.
  init() throws {
    let text = try String(contentsOfFile: "weights/en-fr/dev.tsv", encoding: .utf8)
    sentences = text.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) + "\n" }
  }

  /// A line that every tiny model's command takes: words of their vocabulary, a mask, a second text.
  func tiny(_ number: Int) -> String {
    var generator = Seeded(UInt64(number))
    func letter() -> Character { Character(UnicodeScalar(UInt8.random(in: 97...122, using: &generator))) }
    let words = (0..<Int.random(in: 2...6, using: &generator)).map { _ in String(letter()) }
    return words.joined(separator: " ") + " [MASK]\t\(letter())\n"
  }

  /// The sentences of the development set, again and again.
  func english(_ number: Int) -> String { sentences[number % sentences.count] }
}
