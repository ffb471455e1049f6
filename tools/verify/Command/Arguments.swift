import Foundation
import SwiftletConsole
import SwiftletVerification

let usage = """
  usage: swiftlet-verify SOURCE MODEL.swiftlet… [options]

  Compares int8 models with the float model that they were made from.

    SOURCE                  what the models were converted from
    --text FILE             lines to translate or to read, up to a tab (default: SOURCE/dev.tsv)
    --references FILE       as many lines with translations between tabs, or the text and then translations
                            (default: what follows the first tab of the text's lines)
    --limit N               only the first N lines
    --resume FILE           keep how far the run has come in FILE, and go on from there
    --sensitivity           also run the float model with one tensor at a time quantised

    --json FILE             all numbers as JSON; - for standard output, instead of the text
    --html FILE             a page with charts and tables, for a browser
    --junit FILE            the limits as test cases, for continuous integration
    --quiet                 no progress
    --help                  this text

  Limits, which set the exit status and the page's verdict:
    --max-kl X              the largest mean KL divergence (default: 0.01)
    --min-same-top PERCENT  fewest tokens with the same likeliest one (default: 95)
    --min-cosine X          the smallest mean cosine of an encoder's vectors (default: 0.99)
    --min-rank-correlation X  the smallest rank correlation of pairs of texts (default: 0.99)
    --max-perplexity-ratio X  the largest ratio of perplexities, less two standard errors (default: 1.02)
    --max-bleu-loss POINTS  the largest loss of BLEU (default: 1, from 100 lines on)
    --min-layer-cosine X    the smallest cosine of states after a layer (default: 0.99)
    --max-gain-error X      how far the gain of a tensor's outputs may be from 1 (default: 0.002)
    --max-tensor-error DB   the error of a tensor's outputs, over what rounding makes it (default: 3)
  Both only fail what is also eight standard errors away from what unbiased rounding does.

  With an encoder and a decoder, the float reference translates each line; both models then read that
  translation, and their distributions over the vocabulary are compared token by token. With references,
  both are also scored by BLEU and chrF2, and both read the first reference, for perplexity and calibration.
  A decoder alone reads the line itself. Of an encoder alone, states and vectors are compared, or scores;
  vectors of a line and of what follows its tab, or of the line before it, for the rank correlation.
  Exit status: 0 verified, 1 failed or worse than the limits, 2 wrong usage.
  """

/// The command line.
struct Arguments {
  var source = ""
  var models: [String] = []
  var text: String?
  var references: String?
  var limit = Int.max
  var resume: String?
  var asksSensitivity = false
  var json: String?
  var html: String?
  var junit: String?
  var limits = VerdictLimits()
  var isQuiet = false

  init(_ words: [String]) throws(UsageError) {
    var rest = words[...]
    func value(_ option: String) throws(UsageError) -> String {
      guard let value = rest.popFirst() else { throw UsageError("\(option) needs a value") }
      return value
    }
    func number(_ option: String) throws(UsageError) -> Double {
      let text = try value(option)
      guard let number = Double(text), number >= 0, number.isFinite else {
        throw UsageError("\(option) is \(text), not a number")
      }
      return number
    }
    while let word = rest.popFirst() {
      switch word {
      case "--text": text = try value(word)
      case "--references": references = try value(word)
      case "--limit":
        guard let count = Int(try value(word)), count > 0 else {
          throw UsageError("--limit needs a positive number")
        }
        limit = count
      case "--resume": resume = try value(word)
      case "--sensitivity": asksSensitivity = true
      case "--json": json = try value(word)
      case "--html": html = try value(word)
      case "--junit": junit = try value(word)
      case "--quiet": isQuiet = true
      case let option where option.hasPrefix("-"):
        guard let limit = Self.limits[option] else { throw UsageError("unknown option \(option)") }
        limits[keyPath: limit] = try number(option)
        if option == "--max-bleu-loss" { limits.judgesFewLines = true }
      default:
        if source.isEmpty { source = word } else { models.append(word) }
      }
    }
    if source.isEmpty { throw UsageError("no SOURCE given") }
    if models.isEmpty { throw UsageError("no MODEL given") }
  }

  private static var limits: [String: WritableKeyPath<VerdictLimits, Double>] {
    [
      "--max-kl": \.divergence, "--min-same-top": \.sameTop, "--min-cosine": \.cosine,
      "--min-rank-correlation": \.rankCorrelation, "--max-perplexity-ratio": \.perplexityRatio,
      "--max-bleu-loss": \.bleuLoss, "--min-layer-cosine": \.layerCosine, "--max-gain-error": \.gain,
      "--max-tensor-error": \.excess,
    ]
  }
}
