import SwiftletFuzzing
import SwiftletModelFile
import SwiftletPlatform

extension FuzzTarget {
  /// The ways in that the device's program reads itself.
  public static let ofCommandLine: [FuzzTarget] = [.arguments, .shortlist]

  /// The words of a command line, each ended by a zero byte: read as the device's program reads them, without opening
  /// the model that they name. What is wrong with them goes to standard error.
  static let arguments = unsafe FuzzTarget("arguments", longest: 512, seeds: commandLines) {
    (input) throws(BrokenPromise) in
    var bytes = unsafe Array(input) + [0]
    var failure: BrokenPromise?
    unsafe bytes.withUnsafeMutableBytes { bytes in
      let start = unsafe bytes.bindMemory(to: CChar.self).baseAddress.unsafelyUnwrapped
      // The first word of a command line is the program's name.
      var words: [UnsafeMutablePointer<CChar>?] = unsafe [start, start]
      for place in 0..<bytes.count - 1 where unsafe bytes[place] == 0 {
        unsafe words.append(start + place + 1)
      }
      unsafe words.withUnsafeMutableBufferPointer { words in
        let pointer = unsafe words.baseAddress.unsafelyUnwrapped
        do throws(BrokenPromise) {
          unsafe try readLine(CommandLineWords(words: pointer, count: words.count))
        } catch { failure = error }
      }
    }
    if let failure { throw failure }
  }
}

private func readLine(_ line: CommandLineWords) throws(BrokenPromise) {
  var arguments = ArgumentReader(line)
  guard let word = arguments.next(), let command = command(word) else { return }
  let behind = arguments
  var options = Options(command)
  guard case .run = options.parse(&arguments) else { return }
  let settings = options.decoding.settings(DecodingDefaults())
  guard settings.beams >= 1, options.batch >= 1, options.threads >= 1, options.maximumTokens >= 1 else {
    throw BrokenPromise("a count of none: \(settings)")
  }
  let sizes = options.constraints
  guard min(sizes.prefixBytes, sizes.suppressedBytes, sizes.stopBytes) >= 0 else {
    throw BrokenPromise("sizes below 0: \(sizes)")
  }
  _ = options.kernels
  guard options.textCount > 0 else { return }
  var texts = unsafe TextSource(options, behind, UnsafeMutableRawBufferPointer(start: nil, count: 0))
  var count = 0
  while case .line = texts.next() { count += 1 }
  guard count == options.textCount else {
    throw BrokenPromise("\(count) texts were read, \(options.textCount) counted")
  }
}

private func command(_ word: Word) -> Command? {
  switch word {
  case "translate": .translate
  case "generate": .generate
  case "embed": .embed
  case "classify": .classify
  case "fill": .fill
  case "tokenize": .tokenize
  case "score": .score
  case "plan": .plan
  case "info": .info
  default: nil
  }
}

/// Command lines.
private func commandLines() -> [[UInt8]] {
  [
    "translate m a b --beam 4 --n-best 2 --max-source 64 --max-target 1K --threads 2 --length-penalty 0.6",
    "translate m --batch 4 --json --kernel plain --weights lock --memory 4M --shortlist f --align",
    "translate m a --attention x.svg --prefix p --suppress s --suppress t --stop u --replace-unknown",
    "translate m a --source-language en --target-language fr --coverage-penalty -1.5 --early-stopping never",
    "generate m --temperature 0.7 --top-k 40 --top-p 0.9 --min-p 0.05 --typical 0.2 --seed 7 --stream -- -a",
    "generate m a --echo --chat --repetition-penalty 1.1 --presence-penalty 1 --frequency-penalty -.5",
    "generate m a --no-repeat-ngram 3 --min-tokens 2 --max-tokens 9 --patience 2 --digest --align-soft",
    "generate m a --draft 3 --seed 2",
    "embed m a b --similarity --pooling mean", "embed m --raw --truncate --quiet", "classify m a --top 3",
    "fill m a --top 5 --attention x.json", "tokenize m a --ids --target", "tokenize m --decode",
    "score m a --digest", "plan m --score --json --weights copy", "info m --weights mmap", "plan --help",
  ].map { $0.utf8.map { $0 == 0x20 ? 0 : $0 } }
}
