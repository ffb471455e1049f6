import Foundation
import Swiftlet
import SwiftletConsole
import SwiftletKernelSelection
import SwiftletModelFile
import SwiftletShapes

/// A run: measures the parts that were asked for, and prints each as soon as it is done.
struct Benchmark {
  let arguments: Arguments
  /// The sets to measure, the fastest first.
  let sets: [InstructionSet]
  private let console = Console("swiftlet-bench")

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
    let load = OtherLoad()
    var report = Report(Machine())
    show(report.machine.text)
    let models = try arguments.models.map { try describe($0) }
    show(report.add(models))
    if arguments.parts.contains(.translations) {
      for (model, choice) in zip(models, arguments.models) where choice.hasLanguage && model.hasBothStacks {
        try measureTranslations(model, &report)
      }
    }
    if arguments.parts.contains(.roof) {
      let repeats = max(arguments.repeats, 5)
      show(report.add(MultiplyRoof.measure(repeats: repeats)))
      show(report.add(MemoryRoof.workingSets.map { MemoryRoof.measure(workingSet: $0, repeats: repeats) }))
    }
    for model in models {
      if arguments.parts.contains(.products) { try measureProducts(model, &report) }
      if arguments.parts.contains(.steps) { try measureSteps(model, &report) }
      if arguments.parts.contains(.scaling), model.hasBothStacks { try measureScaling(model, &report) }
    }
    report.otherCores = load.cores
    if let cores = load.cores {
      show("\nMeanwhile, other processes kept \(Cell.number(cores, decimals: 2).shown) cores busy\n")
    }
    return report
  }

  private func measureTranslations(_ model: ModelDescription, _ report: inout Report) throws {
    var benchmark = TranslationBenchmark(
      model: model.name, path: model.path, sentences: try sentences(), repeats: arguments.repeats)
    var results: [TranslationResult] = []
    for set in sets {
      for drafts in arguments.drafts { results.append(try benchmark.measure(set, drafts: drafts)) }
    }
    show(report.add(results))
  }

  private func measureProducts(_ model: ModelDescription, _ report: inout Report) throws {
    let file = try unsafe openModelFile(model.path)
    var shapes: [ProductBenchmark.Shape] = []
    for index in 0..<file.tensorCount {
      let tensor = try file.tensor(at: index)
      let shape = ProductBenchmark.Shape(rows: tensor.rows, columns: tensor.columns, group: tensor.group)
      if tensor.element == .int8, tensor.name.part != .sourceEmbedding, !shapes.contains(shape) {
        shapes.append(shape)
      }
    }
    show(
      report.add(
        ProductBenchmark.measure(shapes, model: model.name, sets, repeats: arguments.repeats)))
  }

  /// With the fastest set, or with those that were asked for: the plain one would take minutes.
  private func measureSteps(_ model: ModelDescription, _ report: inout Report) throws {
    var benchmark = StepBenchmark(
      model, sourceLengths: arguments.sourceLengths, targetLengths: arguments.targetLengths,
      repeats: arguments.repeats)
    let chosen = arguments.kernels.isEmpty ? sets.prefix(1) : sets[...]
    let results = try chosen.map { set throws(SwiftletError) in try benchmark.measure(set) }
    show(report.add(results.flatMap(\.encoding)))
    show(report.add(results.flatMap(\.decoding)))
  }

  private func measureScaling(_ model: ModelDescription, _ report: inout Report) throws {
    let benchmark = ScalingBenchmark(
      model: model, threads: arguments.threads, batches: arguments.batches, repeats: arguments.repeats)
    let chosen = arguments.kernels.isEmpty ? sets.prefix(1) : sets[...]
    for set in chosen { show(report.add(try benchmark.measure(set))) }
  }

  /// Opens a model's file, which is made first if it is that of a named shape.
  private func describe(_ choice: ModelChoice) throws -> ModelDescription {
    let path = try choice.path { number, count, name in
      console.progress(number < count ? "making \(choice.name): \(number)/\(count) \(name)" : "")
    }
    let file: ModelFile
    do { file = try unsafe openModelFile(path) } catch { throw Failure("\(path): \(error.description)") }
    return try ModelDescription(file, name: choice.name, path: path)
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
  private func show(_ text: String) {
    let status = console.show(text)
    if status != 0 { exit(status) }
  }
}

/// What went wrong, in words.
struct Failure: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
  init(_ text: String) { self.text = text }
}
