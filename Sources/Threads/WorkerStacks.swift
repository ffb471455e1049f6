import SwiftletPlatform

/// The stacks of a pool's workers, one after the other: below each a page that nothing may touch.
@safe struct WorkerStacks {
  private let base: UnsafeMutableRawPointer
  private let size: Int

  /// Stacks of `size` bytes each, whole pages, in memory that may begin anywhere in a page.
  init(in memory: UnsafeMutableRawBufferPointer, size: Int) {
    let start = unsafe memory.baseAddress.unsafelyUnwrapped  // The plan gives it at least three pages.
    unsafe base = start + Int(bitPattern: (0 &- UInt(bitPattern: start)) % UInt(bitPattern: pageSize))
    self.size = size
  }

  /// The page below a worker's stack; workers count from 1.
  func guardPage(_ worker: Int) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: base + (worker - 1) * (pageSize + size), count: pageSize)
  }

  /// A worker's stack.
  func stack(_ worker: Int) -> UnsafeMutableRawBufferPointer {
    let page = unsafe guardPage(worker)
    return unsafe UnsafeMutableRawBufferPointer(
      start: page.baseAddress.unsafelyUnwrapped + page.count, count: size)
  }
}
