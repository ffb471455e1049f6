import Foundation
import SwiftletConsole
import SwiftletConversion
import SwiftletFamilies

let usage = """
  usage: swiftlet-convert SOURCE -o MODEL.swiftlet [options]

  Converts a float model into one int8 file.

    SOURCE            a Hugging Face directory (config.json, model.safetensors or
                      pytorch_model.bin, whole or in shards, and the tokenizer's files), a
                      directory of CTranslate2 or Argos Translate, or a file of llama2.c
    -o FILE           where to put the model
    --from KIND       what SOURCE is: huggingface, ctranslate2 or llama2c (default: found
                      out from its content)
    --group SIZE      inputs that share a scale: row, 64 or 32 (default: 64; 32 in models narrower than
                      256, and where that takes fewer bytes; with --calibrate row where that
                      is enough)
    --offset WHICH    activations quantised with an offset: all, inner (those after an
                      activation function) or none (default: all)
    --refine WHICH    inputs in two parts, 16 bits together, which costs time but no bytes:
                      steps (of what a decoding step multiplies with its token, which
                      costs next to no time), last (of each stack's last layer, and of the
                      output), all or none (default: steps with an encoder and a decoder,
                      else last; all in models narrower than 256)
    --calibrate TEXT  a file of sentences, one on a line, such as the model will read: weights and
                      activations lose less where it shows that it matters
    --name TEXT       the model's name, for `swiftlet info`
    --license TEXT    its licence, for `swiftlet info`
    --quiet           no progress and no table
    --help            this text

  The file appears under its name only when it is whole. Exit status: 0 done, 1 failed, 2 wrong usage.
  """

/// The command line, or an error in words.
struct Arguments {
  var source = ""
  /// nil to find out.
  var format: SourceFormat?
  var target = ""
  var options = QuantizationOptions()
  var details: [String: String] = [:]
  /// A file of sentences; nil for no calibration.
  var calibration: String?
  var isQuiet = false

  init(_ arguments: [String]) throws(UsageError) {
    var rest = arguments[...]
    func value(of option: String) throws(UsageError) -> String {
      guard let value = rest.popFirst() else { throw UsageError("\(option) needs a value") }
      return value
    }
    while let argument = rest.popFirst() {
      switch argument {
      case "--from":
        let text = try value(of: argument)
        guard let kind = SourceFormat(rawValue: text) else {
          throw UsageError("--from is \(text), must be huggingface, ctranslate2 or llama2c")
        }
        format = kind
      case "-o", "--output": target = try value(of: argument)
      case "--group":
        let text = try value(of: argument)
        guard let group = ["row": 0, "64": 64, "32": 32][text] else {
          throw UsageError("--group is \(text), must be row, 64 or 32")
        }
        options.group = group
      case "--refine":
        let text = try value(of: argument)
        guard let refinement = QuantizationOptions.Refinement(rawValue: text) else {
          throw UsageError("--refine is \(text), must be steps, last, all or none")
        }
        options.refinement = refinement
      case "--offset":
        let text = try value(of: argument)
        guard let offset = QuantizationOptions.Offset(rawValue: text) else {
          throw UsageError("--offset is \(text), must be all, inner or none")
        }
        options.offset = offset
      case "--calibrate": calibration = try value(of: argument)
      case "--name", "--license":
        let text = try value(of: argument)
        guard !text.contains(where: \.isNewline) else { throw UsageError("\(argument) has a line break") }
        details[String(argument.dropFirst(2))] = text
      case "--quiet": isQuiet = true
      case let option where option.hasPrefix("-"): throw UsageError("unknown option \(option)")
      default:
        guard source.isEmpty else { throw UsageError("unexpected argument \(argument)") }
        source = argument
      }
    }
    if source.isEmpty { throw UsageError("no SOURCE given") }
    if target.isEmpty { throw UsageError("no -o FILE given") }
  }
}
