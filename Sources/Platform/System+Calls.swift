#if !(canImport(Glibc) || canImport(Musl) || canImport(Darwin) || arch(wasm32))
  import SwiftletMachine

  /// What the modules above ask of the system: of Linux itself, without a C library.
  enum System {
    /// Opens a file for reading; the descriptor is not for programs that this one starts.
    static func openFile(_ path: UnsafePointer<CChar>) throws(SystemError) -> Int32 {
      let workingDirectory = -100
      let closeOnExec = 0x80000
      #if arch(arm)
        let largeFile = 0x20000  // so that a file of 2 GB and more is refused by its size
      #else
        let largeFile = 0
      #endif
      let descriptor = SystemCall.call(
        SystemCall.open, workingDirectory, Int(bitPattern: path), closeOnExec | largeFile)
      return Int32(truncatingIfNeeded: try check(descriptor, .open))
    }

    /// Makes a file empty, or makes a new one, for writing.
    static func createFile(_ path: UnsafePointer<CChar>) throws(SystemError) -> Int32 {
      let (workingDirectory, flags, mode) = (-100, 0x80000 | 0x200 | 0x40 | 1, 0o666)
      let descriptor = SystemCall.call(
        SystemCall.open, workingDirectory, Int(bitPattern: path), flags, mode)
      return Int32(truncatingIfNeeded: try check(descriptor, .create))
    }

    /// Whether a descriptor is a terminal's: only these have its settings.
    static func isTerminal(_ descriptor: Int32) -> Bool {
      let getSettings = 0x5401
      var settings = InlineArray<128, UInt8>(repeating: 0)
      var span = settings.mutableSpan
      return unsafe span.withUnsafeMutableBytes {
        SystemCall.call(SystemCall.control, Int(descriptor), getSettings, Int(bitPattern: $0.baseAddress))
          == 0
      }
    }

    static func closeFile(_ descriptor: Int32) { _ = SystemCall.call(SystemCall.close, Int(descriptor)) }

    /// The size of a regular file in bytes; nil for anything else.
    static func sizeOfFile(_ descriptor: Int32) throws(SystemError) -> Int64? {
      var status = FileStatus.Bytes(repeating: 0)
      var span = status.mutableSpan
      return unsafe try span.withUnsafeMutableBytes { bytes throws(SystemError) in
        let address = Int(bitPattern: bytes.baseAddress)
        _ = try check(SystemCall.call(SystemCall.status, Int(descriptor), address), .status)
        let mode = unsafe bytes.loadUnaligned(fromByteOffset: FileStatus.mode, as: UInt32.self)
        let (type, regularFile): (UInt32, UInt32) = (0xF000, 0x8000)
        return unsafe mode & type == regularFile
          ? bytes.loadUnaligned(fromByteOffset: FileStatus.size, as: Int64.self) : nil
      }
    }

    static let (readable, writable) = (1, 2)
    private static let (privately, anonymous) = (2, 0x20)

    /// Maps the first `count` bytes of a file read-only, and has the system read ahead.
    static func mapFile(_ descriptor: Int32, count: Int) throws(SystemError) -> UnsafeMutableRawPointer {
      let address = unsafe try map(count, readable, privately, descriptor)
      let willNeed = 3
      _ = SystemCall.call(SystemCall.advise, Int(bitPattern: address), count, willNeed)
      return unsafe address
    }

    /// Maps zeros that only this process sees.
    static func mapMemory(count: Int) throws(SystemError) -> UnsafeMutableRawPointer {
      unsafe try map(count, readable | writable, privately | anonymous, -1)
    }

    private static func map(
      _ count: Int, _ protection: Int, _ flags: Int, _ descriptor: Int32
    ) throws(SystemError) -> UnsafeMutableRawPointer {
      let address = try check(
        SystemCall.call(SystemCall.map, 0, count, protection, flags, Int(descriptor)), .map)
      // The kernel maps nothing at 0.
      return unsafe UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped
    }

    /// Reads pages in, and has the system keep them.
    static func lockMemory(_ address: UnsafeMutableRawPointer, count: Int) throws(SystemError) {
      _ = try check(SystemCall.call(SystemCall.lock, Int(bitPattern: address), count), .map)
    }

    /// How many bytes this process may lock; nil if there is no limit.
    static var lockLimit: Int? { limit(8) }

    /// How large the main thread's stack may become, in bytes; nil if there is no limit.
    static var stackLimit: Int? { limit(3) }

    /// The kernel's limit of a kind, as it is now.
    private static func limit(_ resource: Int) -> Int? {
      var limit = InlineArray<2, UInt64>(repeating: 0)
      var span = limit.mutableSpan
      let failed = unsafe span.withUnsafeMutableBytes {
        SystemCall.call(SystemCall.limits, 0, resource, 0, Int(bitPattern: $0.baseAddress)) < 0
      }
      guard !failed, limit[0] <= UInt64(truncatingIfNeeded: Int.max) else { return nil }
      return Int(truncatingIfNeeded: limit[0])
    }

    static func unmap(_ address: UnsafeMutableRawPointer, count: Int) {
      _ = SystemCall.call(SystemCall.unmap, Int(bitPattern: address), count)
    }

    /// Reads at most as many bytes as the buffer has; 0 at the end.
    static func readBytes(
      _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemError) -> Int {
      let address = Int(bitPattern: buffer.baseAddress)
      return try check(SystemCall.call(SystemCall.read, Int(descriptor), address, buffer.count), .read)
    }

    /// Writes some of the bytes; returns how many.
    static func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
      let address = Int(bitPattern: bytes.baseAddress)
      return try check(SystemCall.call(SystemCall.write, Int(descriptor), address, bytes.count), .write)
    }

    /// Sleeps until a stream that does not wait by itself has something to read, or room to write.
    static func waitUntilReady(_ descriptor: Int32, toWrite: Bool) {
      let (canRead, canWrite): (UInt32, UInt32) = (1, 4)
      // `struct pollfd`: a descriptor, and what to wait for in the lower half of a word.
      var stream = InlineArray<2, UInt32>(repeating: 0)
      stream[0] = UInt32(bitPattern: descriptor)
      stream[1] = toWrite ? canWrite : canRead
      var span = stream.mutableSpan
      unsafe span.withUnsafeMutableBytes {
        _ = SystemCall.call(SystemCall.poll, Int(bitPattern: $0.baseAddress), 1)
      }
    }

    static func ignoreWriteSignals() {
      let (brokenPipe, fileSize, ignore) = (13, 25, 1)
      setAction(brokenPipe, ignore)
      setAction(fileSize, ignore)
    }

    static func handleBusError(_ handler: @escaping @convention(c) (Int32) -> Void) {
      let busError = 7
      setAction(busError, Int(bitPattern: machine_set_signal_handler(handler)))
    }

    /// Sets what happens at a signal: `struct sigaction` is the handler, flags, on most processors a function that
    /// returns from the handler, and the signals that wait meanwhile. No handler here returns, so there is none.
    private static func setAction(_ signal: Int, _ handler: Int) {
      var action = InlineArray<6, Int>(repeating: 0)
      action[0] = handler
      #if arch(x86_64)
        action[1] = 0x0400_0000  // x86-64 wants the flag that says there is a function to return.
      #endif
      let signalBytes = 8
      var span = action.mutableSpan
      unsafe span.withUnsafeMutableBytes {
        _ = SystemCall.call(SystemCall.signalAction, signal, Int(bitPattern: $0.baseAddress), 0, signalBytes)
      }
    }

    static func end(_ status: Int32) -> Never {
      while true { _ = SystemCall.call(SystemCall.exit, Int(status)) }
    }

    /// Ends the process from a signal handler.
    static func endAtOnce(_ status: Int32) -> Never { end(status) }

    static var pageSize: Int {
      let type: UInt = 6
      return Int(bitPattern: auxiliaryValue(type))
    }

    /// The variables, `name=value` each, NULL after the last: on the stack after the arguments and their NULL.
    static var environment: UnsafePointer<UnsafePointer<CChar>?>? {
      let words =
        unsafe UnsafeRawPointer(machine_arguments()) + (Int(machine_argument_count()) + 1)
        * MemoryLayout<Int>.size
      return unsafe words.assumingMemoryBound(to: UnsafePointer<CChar>?.self)
    }

    static var commandLine: CommandLineWords {
      unsafe CommandLineWords(words: machine_arguments(), count: Int(machine_argument_count()))
    }

    /// The result, if it is no error.
    static func check(_ result: Int, _ operation: SystemError.Operation) throws(SystemError) -> Int {
      guard result < 0, result >= -4095 else { return result }
      throw SystemError(operation, number: Int32(truncatingIfNeeded: 0 - result))
    }
  }
#endif
