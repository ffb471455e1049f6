import Swiftlet
import SwiftletPlatform

/// Translates texts one by one and writes what comes of each.
struct Results: ~Copyable {
  private let options: Options
  private let kind: StaticString
  private var output: DescriptorSink
  private var digest = Digest()
  private var number = 0
  private var hasFailed = false

  /// - Parameter kind: What a text is called in an error, before its number.
  init(_ options: Options, kind: StaticString, buffer: UnsafeMutableRawBufferPointer) {
    self.options = options
    self.kind = kind
    output = DescriptorSink(descriptor: 1, buffer: buffer)
  }

  /// Translates one text. Returns false if its result could not be written.
  mutating func add(_ text: UnsafeRawBufferPointer, _ translator: inout Translator) -> Bool {
    do {
      try translator.translate(Span(_unsafeBytes: text), maximumTokens: options.maximumTokens)
    } catch {
      fail(error)
      return output.failure == nil
    }
    number += 1
    if options.isDigest {
      digest.update(translator.ids, translator.logProbabilities)
    } else if options.isJSON {
      JSONText.write(translator, to: &output)
      output.flush()
    } else {
      output.write(translator.text)
      output.write("\n")
      output.flush()
    }
    return output.failure == nil
  }

  /// Reports a text that could not be translated, and keeps its place in the output.
  mutating func fail(_ error: SwiftletError) {
    number += 1
    hasFailed = true
    Console.complain {
      $0.write(kind)
      $0.write(number)
      $0.write(": ")
      error.describe(to: &$0)
    }
    guard !options.isDigest else { return }
    if options.isJSON {
      output.write("{\"error\": \"")
      error.describe(to: &output)
      output.write("\"}")
    }
    output.write("\n")
    output.flush()
  }

  /// Writes the digest, if that was asked for, and says how it all ended.
  mutating func finish() -> ExitStatus {
    if options.isDigest {
      output.write(hexadecimal: digest.value)
      output.write("\n")
    }
    output.flush()
    let status = Console.finish(output.failure)
    return hasFailed ? .failure : status
  }
}
