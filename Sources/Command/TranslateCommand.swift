import Swiftlet
import SwiftletPlatform

/// `swiftlet translate MODEL [TEXT …]`
enum TranslateCommand {
  static func run(_ arguments: inout ArgumentReader) -> ExitStatus {
    var options = Options()
    var texts = arguments
    var textCount = 0
    while let word = arguments.next() {
      if word.isOption {
        if let status = options.read(word, &arguments) { return status }
      } else if options.model == nil {
        options.model = word
      } else {
        textCount += 1
      }
    }
    guard let path = options.model else { return Console.wrongUsage("no MODEL given") }
    do {
      var translator = try Translator(
        path: path.pointer, source: options.maximumSource, target: options.maximumTarget,
        kernels: options.kernels, budget: options.memory)
      return textCount > 0
        ? translate(&texts, &translator, options) : translateLines(&translator, options)
    } catch {
      return Console.complain(about: path, error)
    }
  }

  /// Translates the words of the command line that are neither options nor the model.
  private static func translate(
    _ arguments: inout ArgumentReader, _ translator: inout Translator, _ options: Options
  ) -> ExitStatus {
    var results = Results(options, kind: "argument ", buffer: translator.output.bytes)
    var skipped = Options()
    while let word = arguments.next() {
      if word.isOption {
        _ = skipped.read(word, &arguments)
      } else if skipped.model == nil {
        skipped.model = word
      } else {
        guard results.add(word.bytes, &translator) else { break }
      }
    }
    return results.finish()
  }

  private static func translateLines(_ translator: inout Translator, _ options: Options) -> ExitStatus {
    var results = Results(options, kind: "line ", buffer: translator.output.bytes)
    var reader = LineReader(translator.input.bytes)
    do {
      while true {
        switch try reader.next() {
        case .line(let bytes): guard results.add(bytes, &translator) else { return results.finish() }
        case .tooLong(let count):
          let most = translator.layout.sourceBytes
          results.fail(.tooLong(count: count, most: most, unit: " bytes", lower: "--max-source"))
        case .end: return results.finish()
        }
      }
    } catch {
      _ = results.finish()
      Console.complain {
        $0.write("standard input: ")
        error.describe(to: &$0)
      }
      return .failure
    }
  }
}
