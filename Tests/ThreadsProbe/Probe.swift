import Foundation
import SwiftletArena
import SwiftletPlatform
import SwiftletThreads

/// What only a process of its own can show, for the tests of threads and for measuring:
///
/// - `allocations before|after FILE THREADS`: maps FILE before or after a pool starts, which tells the allocation
///   counter from where to count; runs rounds, with and without sleep; writes a line.
/// - `cycles COUNT THREADS`: starts and ends pools; writes the counts of mappings and of threads before and after.
/// - `refused`: starts a pool of 4 where the system allows 2 threads; writes the error, and what is left of the pool.
/// - `overflow`: overflows a worker's stack, which must end in a fault.
/// - `time THREADS`: writes what a round costs.
@main struct Probe {
  static func main() throws {
    let arguments = CommandLine.arguments
    switch arguments.dropFirst().first {
    case "allocations" where arguments.count == 5:
      try runCounted(opensFirst: arguments[2] == "before", threads: Int(arguments[4]) ?? 0)
    case "cycles" where arguments.count == 4:
      try cycle(Int(arguments[2]) ?? 0, threads: Int(arguments[3]) ?? 0)
    case "refused":
      try refuse()
    case "overflow":
      try overflow()
    case "time" where arguments.count == 3:
      try time(threads: Int(arguments[2]) ?? 0)
    default:
      exit(2)
    }
  }

  static func layOut(threads: Int) throws -> (ThreadPoolLayout, MemoryPlan) {
    var plan = MemoryPlan()
    let layout = try ThreadPoolLayout(threads: threads, in: &plan)
    plan.place()
    return (layout, plan)
  }

  private static func runCounted(opensFirst: Bool, threads: Int) throws {
    let (layout, plan) = try layOut(threads: threads)
    let counting = Counting()
    let arena = try Arena(mapping: plan)
    // Here and below no Swift string, which would be made or freed while the counter counts.
    guard let file = unsafe CommandLine.unsafeArgv[3] else { exit(2) }
    if opensFirst { _ = try unsafe MappedFile(path: file) }
    var pool = try ThreadPool(layout, in: arena)
    if !opensFirst { _ = try unsafe MappedFile(path: file) }
    for round in 0..<2000 {
      if round % 100 == 0 { usleep(2000) }  // Now the workers sleep.
      pool.run(counting)
    }
    let done: StaticString = "done\n"
    unsafe write(1, done.utf8Start, done.utf8CodeUnitCount)
  }

  private static func cycle(_ count: Int, threads: Int) throws {
    let (layout, plan) = try layOut(threads: threads)
    let counting = Counting()
    let arena = try Arena(mapping: plan)
    var before = Residents()
    for round in 0...count {
      if round == 1 { before = Residents() }  // The first may load what stays.
      var pool = try ThreadPool(layout, in: arena)
      pool.run(counting)
    }
    let after = Residents(settling: before)
    print(before.mappings, after.mappings, before.threads, after.threads, counting.count(threads))
  }

  private static func refuse() throws {
    let (layout, plan) = try layOut(threads: 4)
    let arena = try Arena(mapping: plan)
    // The limit counts the threads of a user, and is not root's: this one should have none but this process.
    _ = setuid(54_321)
    var limit = rlimit(rlim_cur: 2, rlim_max: 2)
    guard unsafe setrlimit(__rlimit_resource_t(bitPattern: __RLIMIT_NPROC.rawValue), &limit) == 0 else {
      exit(3)
    }
    let before = Residents()
    do throws(SystemError) {
      _ = try ThreadPool(layout, in: arena)
      print("started")
    } catch {
      let after = Residents(settling: before)
      print(error.description)
      print(after.mappings - before.mappings, after.threads - before.threads)
    }
  }

  private static func overflow() throws {
    let (layout, plan) = try layOut(threads: 2)
    let arena = try Arena(mapping: plan)
    var pool = try ThreadPool(layout, in: arena)
    let counting = Counting()
    pool.run(Descending(counting: counting))
    print("no fault after", counting.count(2))
  }
}
