#if !arch(wasm32)
  /// A file descriptor that bytes are written to, through a buffer that the caller gives.
  ///
  /// The first failure stays in `failure`; what is written after it is dropped.
  @safe public struct DescriptorSink: ByteSink, ~Copyable {
    /// The first failure to write, if there was one.
    public private(set) var failure: SystemError?
    private let descriptor: Int32
    private let buffer: UnsafeMutableRawBufferPointer
    private var filled = 0

    /// A sink to standard output (1) or standard error (2). An empty buffer means: write at once.
    public init(descriptor: Int32, buffer: UnsafeMutableRawBufferPointer) {
      self.descriptor = descriptor
      unsafe self.buffer = buffer
    }

    /// A sink to a file, which is made, or made empty. `close` it.
    public init(
      creating path: UnsafePointer<CChar>, buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemError) {
      descriptor = unsafe try System.createFile(path)
      unsafe self.buffer = buffer
    }

    /// Writes what is in the buffer, and closes a file that was made.
    public mutating func close() {
      flush()
      System.closeFile(descriptor)
    }

    /// Takes `bytes` into the buffer, and writes the buffer when it is full.
    @inline(never)
    public mutating func write(_ bytes: UnsafeRawBufferPointer) {
      if unsafe bytes.count > buffer.count - filled { flush() }
      guard unsafe bytes.count <= buffer.count - filled else { return unsafe writeAll(bytes) }
      guard bytes.count > 0 else { return }
      unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: bytes)
      filled += bytes.count
    }

    /// Writes what is in the buffer.
    @inline(never)
    public mutating func flush() {
      unsafe writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
      filled = 0
    }

    private mutating func writeAll(_ bytes: UnsafeRawBufferPointer) {
      var rest = unsafe bytes[...]
      while failure == nil, unsafe !rest.isEmpty {
        do {
          unsafe rest = rest.dropFirst(
            try System.writeBytes(descriptor, UnsafeRawBufferPointer(rebasing: rest)))
        } catch {
          if error.isWouldBlock {
            System.waitUntilReady(descriptor, toWrite: true)
          } else if !error.isInterruption {
            failure = error
          }
        }
      }
    }
  }

  /// Whether standard output (1) or standard error (2) is a terminal.
  public func isTerminal(_ descriptor: Int32) -> Bool { System.isTerminal(descriptor) }

  /// The size of the file that standard input is; nil if it is no file.
  public var standardInputSize: Int? {
    guard let size = try? System.sizeOfFile(0) else { return nil }
    return Int(exactly: size)
  }

  /// Reads what is there, up to the size of `buffer`, from standard input. Zero means the end.
  public func readStandardInput(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    while true {
      do { return unsafe try System.readBytes(0, buffer) } catch {
        if error.isWouldBlock {
          System.waitUntilReady(0, toWrite: false)
        } else if !error.isInterruption {
          throw error
        }
      }
    }
  }
#endif
