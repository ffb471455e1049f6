#if !(canImport(Glibc) || canImport(Musl) || canImport(Darwin) || arch(wasm32))
  import SwiftletMachine

  /// Linux's system calls by number, and what differs in them between processors.
  enum SystemCall {
    #if arch(x86_64)
      static let read = 0
      static let write = 1
      static let close = 3
      static let status = 5
      static let map = 9
      static let protect = 10
      static let unmap = 11
      static let control = 16
      static let signalAction = 13
      static let signalMask = 14
      static let advise = 28
      static let futex = 202
      static let affinity = 204
      static let clock = 228
      static let exit = 231
      static let open = 257
      static let poll = 271
      static let lock = 149
      static let limits = 302
      static let processor = 309
      static let clone = 56
      static let endThread = 60
      static let processControl = 157
      static let filter = 317
      /// How the kernel's filter calls this processor.
      static let processorKind: UInt32 = 0xC000_003E
    #elseif arch(arm)
      static let read = 3
      static let write = 4
      static let close = 6
      static let control = 54
      static let unmap = 91
      static let protect = 125
      static let signalAction = 174
      static let signalMask = 175
      static let map = 192
      static let status = 197
      static let advise = 220
      static let futex = 240
      static let affinity = 242
      static let exit = 248
      static let clock = 263
      static let open = 322
      static let poll = 336
      static let lock = 150
      static let limits = 369
      static let processor = 345
      static let clock64 = 403
      static let clone = 120
      static let endThread = 1
      static let processControl = 172
      static let filter = 383
      static let processorKind: UInt32 = 0x4000_0028
    #else
      // arm64, riscv64 and every processor that came to Linux after them.
      static let control = 29
      static let open = 56
      static let close = 57
      static let read = 63
      static let write = 64
      static let poll = 73
      static let status = 80
      static let exit = 94
      static let futex = 98
      static let clock = 113
      static let affinity = 123
      static let signalAction = 134
      static let signalMask = 135
      static let processor = 168
      static let unmap = 215
      static let map = 222
      static let lock = 228
      static let protect = 226
      static let advise = 233
      static let limits = 261
      static let clone = 220
      static let endThread = 93
      static let processControl = 167
      static let filter = 277
      #if arch(arm64)
        static let processorKind: UInt32 = 0xC000_00B7
      #else
        static let processorKind: UInt32 = 0xC000_00F3
      #endif
    #endif

    /// Calls the kernel; an error is its number, negated: −4095 to −1.
    @inline(__always)
    static func call(
      _ number: Int, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, _ d: Int = 0, _ e: Int = 0, _ f: Int = 0
    ) -> Int {
      machine_system_call(number, a, b, c, d, e, f)
    }
  }

  /// Where `struct stat` has the fields that are needed.
  enum FileStatus {
    /// More than it has on any processor.
    typealias Bytes = InlineArray<256, UInt8>
    #if arch(x86_64)
      static let mode = 24
    #else
      static let mode = 16
    #endif
    static let size = 48
  }
#endif
