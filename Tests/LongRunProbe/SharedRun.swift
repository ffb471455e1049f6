import Foundation
import Glibc
import Swiftlet
import SwiftletArena
import SwiftletKernelSelection
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTransformer
import Synchronization

/// Four workspaces over one model, each on a thread of its own. All read the same lines, of which the last are the first
/// ones again; they wait for each other after the first and at the end, so that nothing moves while memory is looked at.
final class SharedRun: Sendable {
  private static let threads = 4
  private static let targets = 6

  private let model: Model
  private let arena: Arena
  private let lines, repeated: Int
  /// How many times a thread has come to a place where all wait, and after each such place one more.
  private let arrived = Atomic<Int>(0)
  private let digests = Mutex<[(first: UInt64, last: UInt64)]>([])

  private init(path: String, lines: Int) throws {
    let file = unsafe try ModelFile(path: path)
    var plan = MemoryPlan()
    let layout = try ModelLayout(file.architecture, in: &plan)
    plan.place()
    let arena = try Arena(mapping: plan)
    model = try Model(file, layout, in: arena)
    self.arena = arena
    self.lines = lines
    repeated = min(1000, lines / 2)
  }

  /// Runs all, and says whether results and memory stayed what they were.
  static func run(model path: String, lines: Int) throws -> Bool {
    let run = try SharedRun(path: path, lines: lines)
    // Looking at memory takes some, the first time.
    for _ in 0..<4 { _ = Footprint(of: getpid()) }
    let group = DispatchGroup()
    let start = ContinuousClock.now
    for _ in 0..<threads {
      group.enter()
      let thread = Thread {
        do { try run.work() } catch {
          say("error: \(error)")
          exit(1)
        }
        group.leave()
      }
      thread.start()
    }
    let before = run.footprintWhenAllWait(1)
    let after = run.footprintWhenAllWait(2)
    group.wait()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let digests = run.digests.withLock { $0 }
    let rate = Int(Double(threads * lines) / seconds)
    let isSame =
      before != nil && before?.mapped == after?.mapped
      && digests.allSatisfy { $0 == digests[0] && $0.first == $0.last }
    say(
      "four workspaces: 4 x \(lines) lines, \(describe(before)), then \(describe(after)), \(rate) lines/s, "
        + "results \(String(digests[0].first, radix: 16))\(isSame ? "" : " FAILED: the end is not as the beginning")"
    )
    return isSame
  }

  /// One thread's lines.
  private func work() throws {
    var plan = MemoryPlan()
    let layout = try WorkspaceLayout(model.architecture, Limits(source: 16, target: 8, threads: 1), in: &plan)
    plan.place()
    let arena = try Arena(mapping: plan)
    var workspace = try Workspace(layout, in: arena, kernels: InstructionSet.fastestKernels)
    var source = [UInt32](repeating: 0, count: 9)
    var (first, last) = (Digest(), Digest())
    for line in 0..<lines {
      let isLast = line >= lines - repeated
      fill(&source, line: isLast ? line - (lines - repeated) : line)
      workspace.encode(source.span, model)
      for step in 0..<Self.targets {
        workspace.step(Int(source[step]), model)
        if line < repeated { first.update(workspace.nextLogits) }
        if isLast { last.update(workspace.nextLogits) }
      }
      if line == repeated - 1 { waitForAll(1) }
    }
    digests.withLock { $0.append((first.value, last.value)) }
    waitForAll(2)
  }

  /// Until all threads are here for the `place`th time, and their memory was looked at.
  private func waitForAll(_ place: Int) {
    arrived.add(1, ordering: .releasing)
    while arrived.load(ordering: .acquiring) < (Self.threads + 1) * place { usleep(1000) }
  }

  /// The memory of this process, looked at while all threads wait for the `place`th time.
  private func footprintWhenAllWait(_ place: Int) -> Footprint? {
    while arrived.load(ordering: .acquiring) < (Self.threads + 1) * place - 1 { usleep(1000) }
    let footprint = Footprint(of: getpid())
    arrived.add(1, ordering: .releasing)
    return footprint
  }

  /// Tokens that follow from a line's number (SplitMix64).
  private func fill(_ source: inout [UInt32], line: Int) {
    var state = UInt64(line)
    for index in source.indices {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      source[index] = UInt32((mixed ^ mixed >> 31) % UInt64(model.architecture.targetVocabulary))
    }
  }
}
