#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

#if canImport(Glibc) || canImport(Musl) || canImport(Darwin)
  /// What the modules above ask of the system, by way of the C library.
  enum System {
    /// Opens a file for reading; the descriptor is not for programs that this one starts.
    static func openFile(_ path: UnsafePointer<CChar>) throws(SystemError) -> Int32 {
      let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw SystemError(.open, number: errno) }
      return descriptor
    }

    /// Makes a file empty, or makes a new one, for writing.
    static func createFile(_ path: UnsafePointer<CChar>) throws(SystemError) -> Int32 {
      let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw SystemError(.create, number: errno) }
      return descriptor
    }

    /// Whether a descriptor is a terminal's.
    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    static func closeFile(_ descriptor: Int32) { close(descriptor) }

    /// The size of a regular file in bytes; nil for anything else.
    static func sizeOfFile(_ descriptor: Int32) throws(SystemError) -> Int64? {
      var status = stat()
      guard unsafe fstat(descriptor, &status) == 0 else { throw SystemError(.status, number: errno) }
      return status.st_mode & S_IFMT == S_IFREG ? Int64(status.st_size) : nil
    }

    /// Maps the first `count` bytes of a file read-only, and has the system read ahead.
    static func mapFile(_ descriptor: Int32, count: Int) throws(SystemError) -> UnsafeMutableRawPointer {
      let address = try unsafe result(mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0))
      unsafe madvise(address, count, Int32(MADV_WILLNEED))
      return unsafe address
    }

    /// Maps zeros that only this process sees.
    static func mapMemory(count: Int) throws(SystemError) -> UnsafeMutableRawPointer {
      try unsafe result(mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
    }

    private static func result(_ address: UnsafeMutableRawPointer?) throws(SystemError)
      -> UnsafeMutableRawPointer
    {
      guard let address = unsafe address, unsafe address != MAP_FAILED else {
        throw SystemError(.map, number: errno)
      }
      return unsafe address
    }

    /// Reads pages in, and has the system keep them.
    static func lockMemory(_ address: UnsafeMutableRawPointer, count: Int) throws(SystemError) {
      guard unsafe mlock(address, count) == 0 else { throw SystemError(.map, number: errno) }
    }

    /// How many bytes this process may lock; nil if there is no limit.
    static var lockLimit: Int? {
      var limit = rlimit()
      #if canImport(Glibc)
        let resource = __rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue)
      #else
        let resource = RLIMIT_MEMLOCK
      #endif
      guard unsafe getrlimit(resource, &limit) == 0 else { return nil }
      return Int(exactly: limit.rlim_cur)
    }

    static func unmap(_ address: UnsafeMutableRawPointer, count: Int) { unsafe munmap(address, count) }

    /// Reads at most as many bytes as the buffer has; 0 at the end.
    static func readBytes(
      _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemError) -> Int {
      let count = unsafe read(descriptor, buffer.baseAddress, buffer.count)
      guard count >= 0 else { throw SystemError(.read, number: errno) }
      return count
    }

    /// Writes some of the bytes; returns how many.
    static func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
      let count = unsafe write(descriptor, bytes.baseAddress, bytes.count)
      guard count >= 0 else { throw SystemError(.write, number: errno) }
      return count
    }

    /// Sleeps until a stream that does not wait by itself has something to read, or room to write.
    static func waitUntilReady(_ descriptor: Int32, toWrite: Bool) {
      var stream = pollfd(fd: descriptor, events: Int16(toWrite ? POLLOUT : POLLIN), revents: 0)
      unsafe poll(&stream, 1, -1)
    }

    /// How large the main thread's stack may become, in bytes; nil if there is no limit.
    static var stackLimit: Int? {
      var limit = rlimit()
      #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_STACK.rawValue)
      #else
        let resource = RLIMIT_STACK
      #endif
      guard unsafe getrlimit(resource, &limit) == 0 else { return nil }
      return Int(exactly: limit.rlim_cur)
    }

    static func ignoreWriteSignals() {
      signal(SIGPIPE, SIG_IGN)
      signal(SIGXFSZ, SIG_IGN)
    }

    static func handleBusError(_ handler: @escaping @convention(c) (Int32) -> Void) {
      signal(SIGBUS, handler)
    }

    static func end(_ status: Int32) -> Never { exit(status) }

    /// Ends the process from a signal handler: without what was registered for its end.
    static func endAtOnce(_ status: Int32) -> Never { _exit(status) }

    static var pageSize: Int { Int(sysconf(Int32(_SC_PAGESIZE))) }

    /// The variables, `name=value` each, NULL after the last.
    static var environment: UnsafePointer<UnsafePointer<CChar>?>? {
      #if canImport(Darwin)
        let variables = _NSGetEnviron().pointee
      #else
        let variables = unsafe environ
      #endif
      return unsafe UnsafeRawPointer(variables).map {
        unsafe $0.assumingMemoryBound(to: UnsafePointer<CChar>?.self)
      }
    }

    static var commandLine: CommandLineWords {
      unsafe CommandLineWords(words: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
    }
  }
#endif
