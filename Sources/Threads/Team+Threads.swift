import SwiftletPlatform

extension Team {
  /// Starts all workers; they wait for the first round.
  ///
  /// - Throws: `SystemError` if the system refuses one. Those that were started have ended then.
  func start(on stacks: WorkerStacks, spin: UInt64) throws(SystemError) {
    begun.initialize()
    for index in 1..<count {
      ended(index).initialize()
      unsafe worker(index).initialize(to: Worker(index: index, team: self, spin: spin))
      do throws(SystemError) {
        try startWorker(index, on: stacks)
      } catch {
        stop(workers: index - 1, on: stacks, round: EventCount.step)
        throw error
      }
    }
  }

  private func startWorker(_ index: Int, on stacks: WorkerStacks) throws(SystemError) {
    try unsafe ThreadGuard.set(stacks.guardPage(index))
    do throws(SystemError) {
      unsafe thread(index).initialize(
        to: try SystemThread(stack: stacks.stack(index), worker(index), Worker.body))
    } catch {
      unsafe ThreadGuard.lift(stacks.guardPage(index))
      throw error
    }
  }

  /// Ends the first `workers` workers, in a round of its own, and gives their memory back as it was.
  func stop(workers: Int, on stacks: WorkerStacks, round: UInt32) {
    unsafe job.initialize(to: Job(entry: nil, argument: nil))
    begun.advance(to: round)
    for index in 0..<workers {
      unsafe thread(index + 1).pointee.join()
      unsafe ThreadGuard.lift(stacks.guardPage(index + 1))
    }
  }
}
