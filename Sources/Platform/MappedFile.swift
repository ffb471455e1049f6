import SwiftletMachine

/// A whole file's bytes, read-only: mapped, which is clean pages that processes share and that the system can take back,
/// unless another placement is asked for.
///
/// - Warning: A page that the file no longer has, because it was cut short since, ends the process with a signal
///   when it is touched; a program can have `onLostPage` say so.
/// - Complexity: O(1), and pages are read when they are first touched; locked or copied, all are read at once.
@safe public struct MappedFile: ~Copyable {
  /// The bytes of the file. Valid as long as this value lives.
  public let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// Maps the file at `path`, a NUL-terminated name.
  ///
  /// - Throws: `SystemError` if it can't be opened, is not a regular file, can't be mapped, or does not fit the
  ///   system's limits of what may be locked or used. An empty file maps to no bytes. A WebAssembly module has no
  ///   files.
  public init(path: UnsafePointer<CChar>, _ placement: FilePlacement = .mapped) throws(SystemError) {
    #if arch(wasm32)
      throw SystemError(.open, number: SystemError.notImplemented)
    #else
      let descriptor = unsafe try System.openFile(path)
      defer { System.closeFile(descriptor) }
      guard let count = try System.sizeOfFile(descriptor) else { throw SystemError(.open, number: 0) }
      guard let size = Int(exactly: count) else { throw SystemError(.map, number: SystemError.tooLarge) }
      let address = unsafe size > 0 ? try Self.place(descriptor, count: size, placement) : nil
      isMapped = size > 0
      unsafe bytes = UnsafeRawBufferPointer(start: address, count: size)
    #endif
  }

  #if !arch(wasm32)
    private static func place(
      _ descriptor: Int32, count: Int, _ placement: FilePlacement
    ) throws(SystemError) -> UnsafeMutableRawPointer {
      guard placement == .copied else {
        let address = unsafe try System.mapFile(descriptor, count: count)
        guard placement == .locked else { return unsafe address }
        // Where a disk fails, Linux's call that locks pages never returns; touching them does.
        for place in stride(from: 0, to: count, by: System.pageSize) { unsafe machine_touch(address + place) }
        do throws(SystemError) {
          unsafe try System.lockMemory(address, count: count)
        } catch {
          unsafe System.unmap(address, count: count)
          throw SystemError(.lock(bytes: count, limit: System.lockLimit), number: error.number)
        }
        return unsafe address
      }
      let address: UnsafeMutableRawPointer
      do throws(SystemError) { unsafe address = try System.mapMemory(count: count) } catch {
        throw SystemError(.copy(bytes: count), number: error.number)
      }
      do throws(SystemError) {
        unsafe try read(descriptor, into: UnsafeMutableRawBufferPointer(start: address, count: count))
      } catch {
        unsafe System.unmap(address, count: count)
        throw error
      }
      return unsafe address
    }

    /// Fills `buffer`; bytes that the file no longer has stay zero, which no checksum lets pass.
    private static func read(
      _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemError) {
      var filled = 0
      while filled < buffer.count {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        do throws(SystemError) {
          let count = unsafe try System.readBytes(descriptor, rest)
          if count == 0 { return }
          filled += count
        } catch {
          if !error.isInterruption { throw error }
        }
      }
    }
  #endif

  /// A file that lies in memory already. Whoever owns the memory keeps it as it is while this value lives.
  public init(memory bytes: UnsafeRawBufferPointer) {
    unsafe self.bytes = bytes
    isMapped = false
  }

  deinit {
    if isMapped, let address = unsafe bytes.baseAddress {
      unsafe System.unmap(UnsafeMutableRawPointer(mutating: address), count: bytes.count)
    }
  }
}
