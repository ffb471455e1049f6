import SwiftletArena
import SwiftletPlatform
import SwiftletThreads

/// Starts, uses and ends pools of 1, 2 and 4 threads, several times in the same arena, and prints a line for each
/// count; ends with status 1 at the first that goes wrong.
@main
struct Check {
  static func main() {
    check(threads: 1)
    check(threads: 2)
    check(threads: 4)
    exitProcess(0)
  }

  private static let pools = 3
  private static let rounds = 50

  private static func check(threads: Int) {
    var plan = MemoryPlan()
    guard let layout = try? ThreadPoolLayout(threads: threads, in: &plan),
      let counts = try? plan.add("counts", Int.self, count: 8 * threads, phases: .all, limit: .threads)
    else { end("no plan\n", 1) }
    plan.place()
    do {
      let memory = try AnonymousMemory(count: plan.size + 64)
      for _ in 0..<pools { usePool(layout, plan, counts, in: memory.bytes, threads: threads) }
    } catch {
      end("no memory\n", 1)
    }
    print(threads == 1 ? "1 thread: ok\n" : threads == 2 ? "2 threads: ok\n" : "4 threads: ok\n")
  }

  /// A whole life of a pool. Afterwards all its memory is overwritten, guard pages and stacks too: no thread runs on
  /// them any more.
  private static func usePool(
    _ layout: ThreadPoolLayout, _ plan: MemoryPlan, _ counts: PlannedBuffer<Int>,
    in memory: UnsafeMutableRawBufferPointer, threads: Int
  ) {
    do {
      guard let arena = try? Arena(plan, in: memory) else { end("no arena\n", 1) }
      let counts = arena.buffer(counts)
      for index in 0..<counts.count { counts.pointer[index] = 0 }
      var pool = try ThreadPool(layout, in: arena)
      for _ in 0..<rounds { pool.run(Counting(counts: counts.pointer)) }
      for thread in 0..<threads where counts.pointer[8 * thread] != rounds {
        end("a thread missed a round\n", 1)
      }
    } catch {
      end("no pool\n", 1)
    }
    for index in memory.indices { memory[index] = 0xFF }
  }
}

/// Each thread counts its rounds, on a cache line of its own.
struct Counting: SharedWork {
  let counts: UnsafeMutablePointer<Int>

  func run(_ share: Share) { counts[8 * share.index] += 1 }

  static var entry: SharedEntry { { $0.load(as: Self.self).run(Share($1, of: $2)) } }
}
