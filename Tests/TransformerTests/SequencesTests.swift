import SourcesTestSupport
import Swiftlet
import SwiftletArena
import SwiftletConversion
import SwiftletKernelSelection
import SwiftletModelFile
import SwiftletTransformer
import Testing

/// Sequences that fork, share pages, and read several tokens a step: each one's logits are those of a sequence that
/// reads the same tokens alone, one by one.
struct SequencesTests {
  /// A sequence as it should be.
  private struct Expected {
    var source: Int
    var tokens: [UInt32]
  }

  /// A workspace and what it lies in.
  private struct Machine: ~Copyable {
    let model: Model
    var workspace: Workspace
    private let arena: Arena

    init(path: String, _ limits: Limits) throws {
      let file = try unsafe ModelFile(path: path)
      var plan = MemoryPlan()
      let modelLayout = try ModelLayout(file.architecture, in: &plan)
      let layout = try WorkspaceLayout(file.architecture, limits, in: &plan)
      plan.place()
      let arena = try Arena(mapping: plan)
      let workspace = try Workspace(layout, in: arena, kernels: InstructionSet.fastestKernels)
      model = try Model(file, modelLayout, in: arena)
      self.workspace = workspace
      self.arena = arena
    }

    /// The bits of the logits of the step's first `count` scored rows.
    func logits(_ count: Int) -> [[UInt32]] {
      let vocabulary = model.architecture.targetVocabulary
      return (0..<count).map { row in
        let logits = unsafe workspace.logits(row: row, model)
        return (0..<vocabulary).map { unsafe logits[$0].bitPattern }
      }
    }

    /// What a row of the step attended to.
    mutating func attention(_ row: Int) -> [Float] {
      var weights = [Float](repeating: 0, count: workspace.sourceCount(row: row))
      unsafe workspace.addSourceAttention(row: row, model, to: &weights)
      return weights
    }

    mutating func encode(_ sources: [[UInt32]]) {
      for (number, source) in sources.enumerated() {
        workspace.encode(source.span, source: number, model)
      }
    }

    mutating func step(_ ids: [UInt32], slots: [UInt32], scoresAll: Bool = false) {
      workspace.step(ids.span, slots: slots.span, scoresAll: scoresAll, model)
    }
  }

  private static func tinyModel() throws -> (TemporaryDirectory, path: String) {
    var tiny = TinyMarian()
    tiny.positions = 80
    let directory = try TemporaryDirectory()
    try tiny.writeWithText(to: directory)
    let path = "\(directory.path)/model.swiftlet"
    _ = try Converter.convert(directory.path, to: path, QuantizationOptions())
    return (directory, path)
  }

  private static func randomIDs(_ count: Int, using random: inout Seeded) -> [UInt32] {
    (0..<count).map { _ in UInt32.random(in: 2..<9, using: &random) }
  }

  @Test(arguments: [1, 2]) func forksAndBlocksGiveTheSameBits(threads: Int) throws {
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    let (directory, path) = try Self.tinyModel()
    defer { withExtendedLifetime(directory) {} }
    var machine = try Machine(
      path: path, Limits(source: 24, target: 40, batch: 2, beams: 3, rows: 12, threads: threads))
    var alone = try Machine(path: path, Limits(source: 24, target: 40))
    for _ in 0..<6 {
      let sources = [20, 9].map { Self.randomIDs($0, using: &random) + [0] }
      machine.encode(sources)
      var expected = (0..<6).map { Expected(source: $0 / 3, tokens: []) }
      for (slot, sequence) in expected.enumerated() {
        machine.workspace.begin(slot, source: sequence.source)
      }
      for _ in 0..<14 {
        for _ in 0..<Int.random(in: 0...3, using: &random) {
          let (from, to) = (Int.random(in: 0..<6, using: &random), Int.random(in: 0..<6, using: &random))
          machine.workspace.fork(from, into: to)
          expected[to] = expected[from]
        }
        var (ids, slots): ([UInt32], [UInt32]) = ([], [])
        for _ in 0..<Int.random(in: 1...12, using: &random) {
          let slot = Int.random(in: 0..<6, using: &random)
          guard expected[slot].tokens.count < 40 else { continue }
          let id = Self.randomIDs(1, using: &random)[0]
          expected[slot].tokens.append(id)
          ids.append(id)
          slots.append(UInt32(slot))
        }
        guard !ids.isEmpty else { continue }
        machine.step(ids, slots: slots)
        let scored = slots.indices.filter { !slots[($0 + 1)...].contains(slots[$0]) }.map { slots[$0] }
        let found = machine.logits(scored.count)
        for (slot, logits) in zip(scored, found) {
          let sequence = expected[Int(slot)]
          alone.encode([sources[sequence.source]])
          for id in sequence.tokens { alone.step([id], slots: [0]) }
          #expect(logits == alone.logits(1)[0], "slot \(slot), \(sequence.tokens.count) tokens")
        }
      }
    }
  }

  /// Tokens that are read as a block, some of which are taken back: also over the ends of pages.
  @Test func whatIsTakenBackLeavesNothing() throws {
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    let (directory, path) = try Self.tinyModel()
    defer { withExtendedLifetime(directory) {} }
    var machine = try Machine(path: path, Limits(source: 24, target: 40, batch: 2, scoredRows: 8))
    var alone = try Machine(path: path, Limits(source: 24, target: 40))
    let source = Self.randomIDs(7, using: &random) + [0]
    for _ in 0..<20 {
      machine.encode([source, source])
      alone.encode([source])
      let slot = Int.random(in: 0...1, using: &random)
      machine.workspace.begin(slot, source: 0)
      alone.workspace.begin(0, source: 0)
      var tokens = 0
      while tokens < 32 {
        let ids = Self.randomIDs(Int.random(in: 1...8, using: &random), using: &random)
        machine.step(ids, slots: ids.map { _ in UInt32(slot) }, scoresAll: true)
        let rows = machine.logits(ids.count)
        let kept = Int.random(in: 1...ids.count, using: &random)
        machine.workspace.takeBack(ids.count - kept, slot: slot)
        for place in 0..<kept {
          alone.step([ids[place]], slots: [0])
          #expect(alone.logits(1)[0] == rows[place], "token \(tokens + place)")
        }
        tokens += kept
        #expect(machine.workspace.targetCount(slot: slot) == tokens)
      }
    }
  }

  /// What a row attends to is the same for a block and for single tokens, and 1 together.
  @Test func attentionToTheSourceCanBeAskedFor() throws {
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    let (directory, path) = try Self.tinyModel()
    defer { withExtendedLifetime(directory) {} }
    var machine = try Machine(path: path, Limits(source: 24, target: 40, batch: 2, rows: 6))
    let sources = [20, 9].map { Self.randomIDs($0, using: &random) + [0] }
    let target = Self.randomIDs(3, using: &random)
    machine.encode(sources)
    machine.step(target + target, slots: [0, 0, 0, 1, 1, 1])
    let block = (0..<6).map { machine.attention($0) }
    machine.encode(sources)
    for (place, id) in target.enumerated() {
      machine.step([id, id], slots: [0, 1])
      #expect(machine.attention(0) == block[place] && machine.attention(1) == block[3 + place])
    }
    #expect(block.map(\.count) == [21, 21, 21, 10, 10, 10])
    #expect(block.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 && Set($0).count > 1 })
  }

  @Test func everyRowOfABlockCanBeScored() throws {
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    let (directory, path) = try Self.tinyModel()
    defer { withExtendedLifetime(directory) {} }
    var machine = try Machine(path: path, Limits(source: 24, target: 40, rows: 20, scoredRows: 20))
    let source = Self.randomIDs(7, using: &random) + [0]
    let target = Self.randomIDs(20, using: &random)
    machine.encode([source])
    machine.step(target, slots: target.map { _ in 0 }, scoresAll: true)
    let block = machine.logits(20)
    machine.encode([source])
    for (place, id) in target.enumerated() {
      machine.step([id], slots: [0])
      #expect(machine.logits(1)[0] == block[place], "token \(place)")
    }
  }
}
