import Swiftlet
import SwiftletArena
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTransformer

/// The memory that a run asks the system for, by named part.
struct PlanReport {
  private let plan: MemoryPlan
  private let limits: Limits
  private let task: ModelTask
  private let weights: Int
  private let tokenizers: Int
  private let file: Int

  init(_ plan: MemoryPlan, _ limits: Limits, _ file: borrowing ModelFile) {
    self.plan = plan
    self.limits = limits
    task = file.architecture.task
    self.file = unsafe file.bytes.count
    weights = file.tensorData.count
    let source = unsafe file.section(.sourceTokenizer).count
    tokenizers = unsafe file.sharesTokenizer ? source : source + file.section(.targetTokenizer).count
  }

  private var fileMapping: Int { roundUpToPages(file) }
  private var arenaMapping: Int { LinkedMemory.size ?? roundUpToPages(plan.size) }
  private var partsTotal: Int {
    var total = 0
    for index in 0..<plan.count { total += plan[index].size }
    return total
  }

  func writeTable<Sink: ByteSink & ~Copyable>(to sink: inout Sink) {
    if limits.source > 0 {
      sink.write(task.decodes ? "longest source " : "longest text ")
      sink.write(limits.source)
      sink.write(task.decodes ? " tokens, " : " tokens")
    }
    if task.decodes {
      sink.write("longest target ")
      sink.write(limits.target)
      sink.write(" tokens")
    }
    if limits.batch > 1 {
      sink.write(", ")
      sink.write(limits.batch)
      sink.write(" sentences together")
    }
    if limits.beams > 1 {
      sink.write(", ")
      sink.write(limits.beams)
      sink.write(" beams")
    }
    if limits.threads > 1 {
      sink.write(", ")
      sink.write(limits.threads)
      sink.write(" threads")
    }
    sink.write("\n\nmodel file, mapped read-only (shared, reclaimable)\n")
    row("weights and scales", weights, to: &sink)
    row("tokenizer", tokenizers, to: &sink)
    row("header, tables, padding", file - weights - tokenizers, to: &sink)
    row("to whole pages", fileMapping - file, to: &sink)
    row("file mapping", fileMapping, to: &sink)
    let isLinked = LinkedMemory.size != nil
    sink.write(isLinked ? "\narena (private, fixed, part of the program)\n" : "\narena (private, fixed)\n")
    for index in 0..<plan.count where plan[index].size > 0 {
      row(plan[index].name, plan[index].size, to: &sink)
    }
    row("shared by parts never in use together", plan.size - partsTotal, to: &sink)
    row(isLinked ? "not used" : "to whole pages", arenaMapping - plan.size, to: &sink)
    row(isLinked ? "arena of the program" : "arena mapping", arenaMapping, to: &sink)
    sink.write("\n")
    row("total asked of the system", fileMapping + arenaMapping, to: &sink)
  }

  private func row<Sink: ByteSink & ~Copyable>(_ name: StaticText, _ bytes: Int, to sink: inout Sink) {
    sink.write("  ")
    sink.write(name)
    var digits = bytes < 0 ? 2 : 1
    var rest = bytes.magnitude
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    for _ in unsafe 0..<max(1, 52 - name.bytes.count - digits) { sink.write(" ") }
    sink.write(bytes)
    sink.write("\n")
  }

  func writeJSON<Sink: ByteSink & ~Copyable>(to sink: inout Sink) {
    field("{\"max_source\": ", limits.source, to: &sink)
    if task.decodes { field(", \"max_target\": ", limits.target, to: &sink) }
    field(", \"batch\": ", limits.batch, to: &sink)
    field(", \"beams\": ", limits.beams, to: &sink)
    field(", \"threads\": ", limits.threads, to: &sink)
    field(", \"file\": {\"weights\": ", weights, to: &sink)
    field(", \"tokenizer\": ", tokenizers, to: &sink)
    field(", \"bytes\": ", file, to: &sink)
    field(", \"mapping\": ", fileMapping, to: &sink)
    field("}, \"arena\": {\"bytes\": ", plan.size, to: &sink)
    field(", \"mapping\": ", arenaMapping, to: &sink)
    if let size = LinkedMemory.size { field(", \"linked\": ", size, to: &sink) }
    sink.write(", \"parts\": [")
    for index in 0..<plan.count {
      let part = plan[index]
      sink.write(index > 0 ? ", {\"name\": \"" : "{\"name\": \"")
      sink.write(part.name)
      field("\", \"offset\": ", part.offset, to: &sink)
      field(", \"bytes\": ", part.size, to: &sink)
      field(", \"phases\": ", Int(part.phases.rawValue), to: &sink)
      sink.write("}")
    }
    field("]}, \"total\": ", fileMapping + arenaMapping, to: &sink)
    sink.write("}\n")
  }

  private func field<Sink: ByteSink & ~Copyable>(_ name: StaticText, _ value: Int, to sink: inout Sink) {
    sink.write(name)
    sink.write(value)
  }

  private func roundUpToPages(_ bytes: Int) -> Int { (bytes + pageSize - 1) / pageSize * pageSize }
}
