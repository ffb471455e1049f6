import Swiftlet
import SwiftletArena
import SwiftletDecoding
import SwiftletModelFile
import SwiftletPlatform

/// `swiftlet translate MODEL [TEXT …]`
enum TranslateCommand {
  static func run(_ arguments: inout ArgumentReader) -> ExitStatus {
    var texts = arguments
    let (options, path): (Options, Word)
    switch Options.parse(&arguments, takesTexts: true) {
    case .run(let parsed, let model): (options, path) = (parsed, model)
    case .end(let status): return status
    }
    LostPages.areErrors(of: path)
    do {
      let file = try openModelFile(path.pointer, options.weights)
      let settings = options.decoding.settings(file.decoding)
      var translator = try Translator(
        file, source: options.maximumSource, target: options.maximumTarget, batch: options.batch,
        threads: options.threads, search: settings, constraints: options.decoding.constraints,
        kernels: options.kernels, budget: options.memory)
      try options.decoding.apply(to: &translator)
      if let status = options.decoding.applyShortlist(to: &translator) { return status }
      let status =
        options.textCount > 0
        ? translate(&texts, &translator, options) : translateLines(&translator, options)
      return end(status, with: translator)
    } catch {
      return Console.complain(about: path, error)
    }
  }

  /// Ends the process while the translator lives: the system takes all memory back at once, without being asked
  /// for each mapping. Not inlined, so that the translator is in use until then.
  @inline(never)
  private static func end(_ status: ExitStatus, with translator: borrowing Translator) -> ExitStatus {
    exitProcess(status.rawValue)
  }

  /// Translates the words of the command line that are neither options nor the model.
  private static func translate(
    _ arguments: inout ArgumentReader, _ translator: inout Translator, _ options: Options
  ) -> ExitStatus {
    var results = Results(options, kind: "argument ", buffer: translator.output.bytes)
    var skipped = Options()
    _ = skipped.next(&arguments)  // the model
    while case .operand(let word) = skipped.next(&arguments) {
      guard results.add(word.bytes, &translator) else { break }
    }
    return results.finish(&translator)
  }

  private static func translateLines(_ translator: inout Translator, _ options: Options) -> ExitStatus {
    var results = Results(options, kind: "line ", buffer: translator.output.bytes)
    var reader = LineReader(translator.input.bytes)
    do {
      while true {
        switch try reader.next() {
        case .line(let bytes):
          guard results.add(bytes, &translator) else { return results.finish(&translator) }
        case .tooLong(let count):
          let most = translator.layout.sourceBytes
          results.fail(
            .tooLong(count: count, most: most, unit: " bytes", lower: "--max-source"), &translator)
        case .end: return results.finish(&translator)
        }
      }
    } catch {
      _ = results.finish(&translator)
      Console.complain {
        $0.write("standard input: ")
        error.describe(to: &$0)
      }
      return .failure
    }
  }
}
