/// Fewer and fewer things that this process may ask of the system, so that a flaw has little to work with: Linux's
/// seccomp filter. A process that asks for anything else is ended at once, by the signal SIGSYS. What was given up
/// stays so until the process ends.
///
/// Only programs without a C library have it: what a C library asks for is its own affair.
public enum Sandbox {
  /// What is still allowed.
  public enum Stage {
    /// To read and write files, to take memory, to start threads of this process.
    case opening
    /// To read and write what is open, to wait, to read the clock, and to end.
    case running
  }

  /// Gives up what `stage` does not need, in all threads. Returns whether the kernel does it: some are built without.
  @discardableResult
  public static func restrict(to stage: Stage) -> Bool { System.allowOnly(stage) }
}

#if canImport(Glibc) || canImport(Musl) || canImport(Darwin) || arch(wasm32)
  extension System {
    static func allowOnly(_ stage: Sandbox.Stage) -> Bool { false }
  }
#else
  extension System {
    static func allowOnly(_ stage: Sandbox.Stage) -> Bool {
      let (noNewPrivileges, setFilter, allThreads) = (38, 1, 1)
      guard SystemCall.call(SystemCall.processControl, noNewPrivileges, 1) == 0 else { return false }
      var filter = CallFilter()
      filter.allow(stage)
      return filter.withProgram { SystemCall.call(SystemCall.filter, setFilter, allThreads, $0) == 0 }
    }
  }

  /// A program of the kernel's packet filter that lets some system calls pass: instructions of 8 bytes, which are a code,
  /// how far to jump if a comparison holds and if not, and an operand. (Linux, `Documentation/userspace-api/seccomp_filter`)
  private struct CallFilter {
    private var allowed = InlineArray<32, UInt32>(repeating: 0)
    private var count = 0

    mutating func allow(_ stage: Sandbox.Stage) {
      allow(SystemCall.read)
      allow(SystemCall.write)
      allow(SystemCall.close)
      allow(SystemCall.futex)
      allow(SystemCall.poll)
      allow(SystemCall.clock)
      #if arch(arm)
        allow(SystemCall.clock64)
      #endif
      allow(SystemCall.processor)
      allow(SystemCall.exit)
      allow(SystemCall.endThread)
      if stage == .running { return }
      allow(SystemCall.open)
      allow(SystemCall.status)
      allow(SystemCall.control)
      allow(SystemCall.limits)
      allow(SystemCall.map)
      allow(SystemCall.unmap)
      allow(SystemCall.protect)
      allow(SystemCall.advise)
      allow(SystemCall.lock)
      allow(SystemCall.affinity)
      allow(SystemCall.signalAction)
      allow(SystemCall.signalMask)
      allow(SystemCall.clone)
      allow(SystemCall.processControl)
      allow(SystemCall.filter)
    }

    private mutating func allow(_ number: Int) {
      allowed[count] = UInt32(truncatingIfNeeded: number)
      count += 1
    }

    /// Calls `body` with the address of what the kernel takes: how many instructions, and where they are.
    func withProgram(_ body: (Int) -> Bool) -> Bool {
      let (load, jumpIfEqual, end): (UInt32, UInt32, UInt32) = (0x20, 0x15, 0x06)
      let (number, processor): (UInt32, UInt32) = (0, 4)  // where the call's description has them
      let (endProcess, pass): (UInt32, UInt32) = (0x8000_0000, 0x7FFF_0000)
      // Two words each: a 32-bit processor's compiler has no wider ones without the heap.
      var program = InlineArray<80, UInt32>(repeating: 0)
      var length = 0
      func add(_ code: UInt32, _ operand: UInt32, then: Int = 0, otherwise: Int = 0) {
        let jumps = UInt32(truncatingIfNeeded: then &<< 16 | otherwise &<< 24)
        program[2 &* length] = code | jumps
        program[2 &* length &+ 1] = operand
        length += 1
      }
      add(load, processor)
      add(jumpIfEqual, SystemCall.processorKind, otherwise: count + 1)
      add(load, number)
      for index in 0..<count { add(jumpIfEqual, allowed[index], then: count - index) }
      add(end, endProcess)
      add(end, pass)
      return unsafe withUnsafePointer(to: &program) { instructions in
        var place = InlineArray<2, Int>(repeating: length)
        place[1] = Int(bitPattern: instructions)
        return unsafe withUnsafePointer(to: &place) { body(Int(bitPattern: $0)) }
      }
    }
  }
#endif
