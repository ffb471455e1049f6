import SwiftletArena
import SwiftletMachine
import SwiftletPlatform
import SwiftletThreads

/// Gives up system calls, uses those that are left, prints `restricted`, then asks for one that was given up, which
/// should end the process. Its argument says which: `opening FILE` maps the file and then starts a program, `running FILE`
/// opens the file, `thread FILE` has another thread open it. Prints `no filter` where the kernel has none.
@main
struct Check {
  static func main() {
    let words = CommandLineWords.current
    guard words.count == 3, let path = words.words[2], let stage = words.words[1] else {
      end("usage: BoardSandbox opening|running|thread FILE\n", 2)
    }
    switch stage.pointee {
    case CChar(UInt8(ascii: "o")):
      restrict(to: .opening)
      guard mapFile(path) else { end("the file can't be opened\n", 1) }
      print("restricted\n")
      startProgram(path)
    case CChar(UInt8(ascii: "r")):
      restrict(to: .running)
      print("restricted\n")
      _ = mapFile(path)
    default: openInThread(path)
    }
    end("it was allowed\n", 1)
  }

  private static func restrict(to stage: Sandbox.Stage) {
    if !Sandbox.restrict(to: stage) { end("no filter\n", 0) }
  }

  static func mapFile(_ path: UnsafePointer<CChar>) -> Bool { (try? MappedFile(path: path)) != nil }

  /// execve, with neither arguments nor variables.
  private static func startProgram(_ path: UnsafePointer<CChar>) {
    #if arch(x86_64)
      let number = 59
    #elseif arch(arm)
      let number = 11
    #else
      let number = 221
    #endif
    _ = machine_system_call(number, Int(bitPattern: path), 0, 0, 0, 0, 0)
  }

  /// Threads that run already give up what the first one does.
  private static func openInThread(_ path: UnsafePointer<CChar>) {
    var plan = MemoryPlan()
    guard let layout = try? ThreadPoolLayout(threads: 2, in: &plan) else { end("no plan\n", 1) }
    plan.place()
    do {
      let memory = try AnonymousMemory(count: plan.size + 64)
      guard let arena = try? Arena(plan, in: memory.bytes) else { end("no arena\n", 1) }
      var pool = try ThreadPool(layout, in: arena)
      restrict(to: .running)
      pool.run(Opening(path: path, opens: false))
      print("restricted\n")
      pool.run(Opening(path: path, opens: true))
    } catch {
      end("no pool\n", 1)
    }
  }
}

/// The second thread opens a file, if it should.
struct Opening: SharedWork {
  let path: UnsafePointer<CChar>
  let opens: Bool

  func run(_ share: Share) {
    if opens, share.index == 1 { _ = Check.mapFile(path) }
  }

  static var entry: SharedEntry { { $0.load(as: Self.self).run(Share($1, of: $2)) } }
}
