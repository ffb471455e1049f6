import Swiftlet
import SwiftletArena
import SwiftletDecoding
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTokenizers
import SwiftletTransformer

/// `swiftlet translate MODEL [TEXT …]`, `swiftlet generate MODEL [TEXT …]`
extension Translator: TextTask {
  static func open(_ file: consuming ModelFile, _ options: Options) throws(SwiftletError) -> Translator {
    var settings = options.decoding.settings(file.decoding)
    if let token = try language(options.task.targetLanguage, "--target-language", file, target: true) {
      settings.firstToken = Int(truncatingIfNeeded: token)
    }
    let source = try language(options.task.sourceLanguage, "--source-language", file, target: false)
    var translator = try Translator(
      file, source: options.maximumSource, target: options.maximumTarget, batch: options.batch,
      threads: options.threads, search: settings, constraints: options.constraints,
      kernels: options.kernels, budget: options.memory)
    if source != nil, !translator.sourceTokenizer.encodesLanguages {
      throw .language(option: "--source-language", hasLanguages: false)
    }
    translator.sourceLanguage = source
    if options.task.chats { try translator.answerMessages() }
    try options.decoding.apply(to: &translator)
    return translator
  }

  private static func language(
    _ code: Word?, _ option: StaticText, _ file: borrowing ModelFile, target: Bool
  ) throws(SwiftletError) -> UInt32? {
    guard let code else { return nil }
    if let token = try unsafe languageToken(code.bytes, of: file, target: target) { return token }
    throw .language(option: option, hasLanguages: true)
  }

  var inputBytes: UnsafeMutableRawBufferPointer { unsafe input.bytes }
  var outputBytes: UnsafeMutableRawBufferPointer { unsafe output.bytes }
  var longestLine: Int { layout.sourceBytes }

  /// One text that is gone on from is written as it comes, if nothing else was asked for.
  mutating func settle(_ options: inout Options) -> ExitStatus? {
    if let status = options.decoding.applyShortlist(to: &self) { return status }
    let beams = options.decoding.settings(model.file.decoding).beams
    if options.streams, beams > 1 {
      return Console.wrongUsage("--stream can't be used with the model's own beams: give --beam 1")
    }
    if options.command == .generate, options.textCount == 1, options.batch == 1, beams == 1,
      !options.isJSON, !options.isDigest, options.task.attention == nil
    {
      options.streams = true
    }
    return nil
  }

  mutating func take(_ text: UnsafeRawBufferPointer, _ results: inout Results) -> Bool {
    unsafe results.add(text, &self)
  }

  mutating func fail(_ error: SwiftletError, _ results: inout Results) { results.fail(error, &self) }

  mutating func finish(_ results: inout Results) -> ExitStatus { results.finish(&self) }
}
