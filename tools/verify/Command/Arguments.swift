import Foundation
import SwiftletConsole

let usage = """
  usage: swiftlet-verify SOURCE MODEL.swiftlet [options]

  Compares an int8 model with the float model that it was made from.

    SOURCE                  what MODEL was converted from
    --text FILE             lines to translate or to read, up to a tab (default: SOURCE/dev.tsv)
    --limit N               only the first N lines
    --json FILE             all numbers as JSON; - for standard output, instead of the text
    --max-kl X              fail if the mean KL divergence exceeds X
    --min-same-top PERCENT  fail if fewer tokens have the same likeliest one
    --min-cosine X          fail if the mean cosine of an encoder's vectors is smaller
    --quiet                 no progress
    --help                  this text

  With an encoder and a decoder, the float reference translates each line; both models then read that
  translation, and their distributions over the vocabulary are compared token by token. A decoder
  alone reads the line itself. Of an encoder alone, states and vectors are compared, or scores.
  Exit status: 0 verified, 1 failed or worse than the limits, 2 wrong usage.
  """

/// The command line.
struct Arguments {
  var source = ""
  var model = ""
  var text: String?
  var limit = Int.max
  var json: String?
  var maximumDivergence: Double?
  var minimumSameTop: Double?
  var minimumCosine: Double?
  var isQuiet = false

  init(_ words: [String]) throws(UsageError) {
    var rest = words[...]
    func value(_ option: String) throws(UsageError) -> String {
      guard let value = rest.popFirst() else { throw UsageError("\(option) needs a value") }
      return value
    }
    func number(_ option: String) throws(UsageError) -> Double {
      let text = try value(option)
      guard let number = Double(text), number >= 0 else {
        throw UsageError("\(option) is \(text), not a number")
      }
      return number
    }
    while let word = rest.popFirst() {
      switch word {
      case "--text": text = try value(word)
      case "--limit":
        guard let count = Int(try value(word)), count > 0 else {
          throw UsageError("--limit needs a positive number")
        }
        limit = count
      case "--json": json = try value(word)
      case "--max-kl": maximumDivergence = try number(word)
      case "--min-same-top": minimumSameTop = try number(word)
      case "--min-cosine": minimumCosine = try number(word)
      case "--quiet": isQuiet = true
      case let option where option.hasPrefix("-"): throw UsageError("unknown option \(option)")
      default:
        if source.isEmpty {
          source = word
        } else if model.isEmpty {
          model = word
        } else {
          throw UsageError("unexpected argument \(word)")
        }
      }
    }
    if source.isEmpty { throw UsageError("no SOURCE given") }
    if model.isEmpty { throw UsageError("no MODEL given") }
  }
}
