import Dispatch
import SourcesTestSupport
import Swiftlet
import SwiftletArena
import SwiftletConversion
import SwiftletKernelSelection
import SwiftletModelFile
import SwiftletTransformer
import Synchronization
import Testing

/// Many workspaces over one model, each on its own thread.
struct SharedModelTests {
  /// A model that many threads read.
  private final class Shared: Sendable {
    let model: Model
    private let arena: Arena

    init(path: String) throws {
      let file = try unsafe ModelFile(path: path)
      var plan = MemoryPlan()
      let layout = try ModelLayout(file.architecture, in: &plan)
      plan.place()
      let arena = try Arena(mapping: plan)
      model = try Model(file, layout, in: arena)
      self.arena = arena
    }

    /// The logits' bits after each step of one sentence, in a workspace of its own.
    func logits(source: [UInt32], target: [Int], threads: Int) throws -> [UInt32] {
      var plan = MemoryPlan()
      let limits = Limits(source: 16, target: 8, threads: threads)
      let layout = try WorkspaceLayout(model.architecture, limits, in: &plan)
      plan.place()
      let arena = try Arena(mapping: plan)
      var workspace = try Workspace(layout, in: arena, kernels: InstructionSet.fastestKernels)
      var bits: [UInt32] = []
      workspace.encode(source.span, model)
      for token in target {
        workspace.step(token, model)
        for index in 0..<model.architecture.targetVocabulary {
          bits.append(workspace.nextLogits[index].bitPattern)
        }
      }
      return bits
    }
  }

  @Test(arguments: [1, 2])
  func workspacesShareAModel(threads: Int) throws {
    var tiny = TinyMarian()
    tiny.positions = 16
    let directory = try TemporaryDirectory()
    try tiny.writeWithText(to: directory)
    let path = "\(directory.path)/model.swiftlet"
    _ = try Converter.convert(directory.path, to: path, QuantizationOptions())
    let shared = try Shared(path: path)
    let sources: [[UInt32]] = (0..<8).map { (thread: Int) -> [UInt32] in
      (0..<5).map { UInt32(2 + ($0 * 3 + thread) % 8) } + [0]
    }
    let expected = try sources.map { try shared.logits(source: $0, target: [2, 8, 5, 5, 6], threads: 1) }
    #expect(Set(expected).count > 1)
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for _ in 0..<20 {
        let found = try? shared.logits(source: sources[thread], target: [2, 8, 5, 5, 6], threads: threads)
        if found != expected[thread] { wrong.withLock { $0 += 1 } }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
  }
}
