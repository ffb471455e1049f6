import Foundation
import Swiftlet
import SwiftletConsole
import SwiftletKernelSelection
import SwiftletModelFile

/// A run: measures the parts that were asked for, and prints each as soon as it is done.
struct Benchmark {
  let arguments: Arguments
  /// The sets to measure, the fastest first.
  let sets: [InstructionSet]

  init(_ arguments: Arguments) throws(UsageError) {
    self.arguments = arguments
    let supported = InstructionSet.allCases.filter(\.isSupported).reversed()
    let names = supported.map(\.description)
    let chosen = Set(arguments.kernels.map { $0 == "fastest" ? InstructionSet.fastest.description : $0 })
    for name in chosen where !names.contains(name) {
      throw UsageError("--kernel is \(name); this processor has \(names.joined(separator: ", "))")
    }
    sets = supported.filter { chosen.isEmpty || chosen.contains($0.description) }
  }

  /// Measures; returns the results.
  func run() throws -> Report {
    var report = Report(model: try describeModel())
    show(report.headText)
    // First of all, so that its peak of memory is its own.
    if arguments.parts.contains(.translations) {
      var benchmark = TranslationBenchmark(
        path: arguments.model, sentences: try sentences(), repeats: arguments.repeats)
      report.translations = try sets.map { set throws(SwiftletError) in try benchmark.measure(set) }
      show(report.translations?.text)
    }
    if !arguments.parts.isDisjoint(with: [.roof, .steps]) {
      report.roof = [1 << 20, report.model.bytesPerToken, 1 << 26].map {
        MemoryRoof.measure(workingSet: $0, repeats: max(arguments.repeats, 5))
      }
      show(report.roof?.text)
    }
    if arguments.parts.contains(.products) {
      report.products = ProductBenchmark.measure(sets, repeats: arguments.repeats)
      show(report.products?.text)
    }
    if arguments.parts.contains(.steps) {
      var translator = try Translator(
        path: arguments.model, kernels: sets[0].kernels ?? InstructionSet.fastestKernels)
      report.encoding = StepBenchmark.encoding(&translator, repeats: arguments.repeats)
      show(report.encoding?.text)
      report.decoding = StepBenchmark.decoding(
        &translator, repeats: arguments.repeats, bytesPerToken: report.model.bytesPerToken,
        bandwidth: report.roof?[1].gigabytesPerSecond)
      show(report.decoding?.text)
    }
    return report
  }

  private func describeModel() throws -> ModelDescription {
    let file: ModelFile
    do { file = try openModelFile(arguments.model) } catch {
      throw Failure("\(arguments.model): \(error.description)")
    }
    return try ModelDescription(file, path: arguments.model)
  }

  /// The first column of the text's lines.
  private func sentences() throws -> [[UInt8]] {
    guard let data = FileManager.default.contents(atPath: arguments.text) else {
      throw Failure("\(arguments.text): cannot read it")
    }
    let lines = data.split(separator: UInt8(ascii: "\n"))
    let sentences = lines.map { Array($0.prefix { $0 != UInt8(ascii: "\t") }) }
    guard !sentences.isEmpty else { throw Failure("\(arguments.text): no sentences") }
    return sentences
  }

  /// Shows a part of the results; a benchmark whose output can't be written is over.
  private func show(_ text: String?) {
    let status = Console("swiftlet-bench").show(text ?? "")
    if status != 0 { exit(status) }
  }
}

/// What went wrong, in words.
struct Failure: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
  init(_ text: String) { self.text = text }
}
