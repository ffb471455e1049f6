import Foundation
import SourcesTestSupport
import SwiftletThreads
import Testing

/// Rounds of work on one to eight threads: more than this machine may have processors.
@Suite(.serialized) struct ThreadPoolTests {
  @Test func resultsAreTheSameForAnyCountOfThreads() throws {
    var random = Seeded(21, test: #function)
    for count in [0, 1, 63, 64, 65, 1000, 100_000] {
      let numbers = (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
      var results: [[Float]] = []
      for threads in 1...8 {
        var sums = [Float](repeating: .nan, count: (count + GroupSums.grain - 1) / GroupSums.grain)
        var team = try Threads(threads)
        #expect(team.pool.count == threads)
        unsafe numbers.withUnsafeBufferPointer { numbers in
          unsafe sums.withUnsafeMutableBufferPointer { sums in
            // Without groups there is nothing to write.
            guard let start = sums.baseAddress else { return }
            unsafe team.pool.run(GroupSums(numbers: numbers, sums: start))
          }
        }
        results.append(sums)
      }
      #expect(!results[0].contains { $0.isNaN })
      #expect(results.allSatisfy { $0 == results[0] }, "\(count) numbers")
    }
  }

  /// Every thread sees in each round what all threads wrote in the round before: none is lost, none runs ahead.
  @Test(arguments: [(1, 100_000), (2, 250_000), (3, 10_000), (4, 10_000), (8, 3000)])
  func everyRoundSeesTheRoundBefore(threads: Int, rounds: Int) throws {
    var team = try Threads(threads)
    let (even, odd, faults) = unsafe (cells(threads), cells(threads), cells(threads))
    defer {
      unsafe [even, odd, faults].forEach { unsafe $0.deallocate() }
    }
    for round in 1...rounds {
      let (now, before) = unsafe round % 2 == 0 ? (even, odd) : (odd, even)
      unsafe team.pool.run(Relay(round: round, cells: now, before: before, faults: faults))
      // After a pause the workers sleep.
      if round % (rounds / 50) == 0 { usleep(500) }
    }
    let last = unsafe rounds % 2 == 0 ? even : odd
    #expect((0..<threads).allSatisfy { last[$0] == rounds && faults[$0] == 0 })
  }

  private func cells(_ count: Int) -> UnsafeMutablePointer<Int> {
    let cells = UnsafeMutablePointer<Int>.allocate(capacity: count)
    unsafe cells.initialize(repeating: 0, count: count)
    return unsafe cells
  }

  /// The shares take very different times: the caller must wait for the last.
  @Test(arguments: 2...5)
  func theSlowestShareEndsTheRound(threads: Int) throws {
    @safe struct Uneven: SharedWork {
      let slow: Int
      let done: UnsafeMutablePointer<Int>
      func run(_ share: Share) {
        if share.index == slow { usleep(3000) }
        unsafe done[share.index] += 1
      }
      static var entry: SharedEntry { { unsafe $0.load(as: Self.self).run(Share($1, of: $2)) } }
    }
    var team = try Threads(threads)
    let done = unsafe cells(threads)
    defer { unsafe done.deallocate() }
    for round in 0..<20 {
      unsafe team.pool.run(Uneven(slow: round % threads, done: done))
      #expect((0..<threads).allSatisfy { done[$0] == round + 1 })
    }
  }

  @Test func aPlainFunctionRuns() throws {
    var team = try Threads(3)
    var sums: [Int] = [0, 0, 0]
    unsafe sums.withUnsafeMutableBytes { bytes in
      unsafe team.pool.run(
        { argument, share, count in
          let sums = unsafe UnsafeMutableRawPointer(mutating: argument).assumingMemoryBound(to: Int.self)
          unsafe sums[share] = 10 * share + count
        }, UnsafeRawPointer(bytes.baseAddress!))
    }
    #expect(sums == [3, 13, 23])
  }

  /// Signals for the process go to threads that expect them.
  @Test func workersBlockSignals() throws {
    @safe struct Masks: SharedWork {
      let blocked: UnsafeMutablePointer<Int>
      func run(_ share: Share) {
        var mask = sigset_t()
        unsafe pthread_sigmask(SIG_BLOCK, nil, &mask)
        unsafe blocked[share.index] = 0
        for signal in [SIGTERM, SIGINT, SIGHUP, SIGALRM, SIGUSR1, SIGCHLD, SIGPIPE] {
          unsafe blocked[share.index] += Int(sigismember(&mask, signal))
        }
      }
      static var entry: SharedEntry { { unsafe $0.load(as: Self.self).run(Share($1, of: $2)) } }
    }
    let blocked = unsafe cells(3)
    defer { unsafe blocked.deallocate() }
    unsafe Masks(blocked: blocked).run(Share(0, of: 1))
    let before = unsafe blocked[0]
    var team = try Threads(3)
    unsafe team.pool.run(Masks(blocked: blocked))
    unsafe #expect(blocked[0] == before && blocked[1] == 7 && blocked[2] == 7)
  }
}
