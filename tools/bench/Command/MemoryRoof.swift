/// How fast one core reads memory that it has just read: what weights that are streamed can't be faster than.
///
/// It reads 16 bytes of each cache line of 64: what is measured is the lines that arrive, whatever the width of
/// the registers that this program was built for.
enum MemoryRoof {
  /// From what a second-level cache holds to what no cache does.
  static let workingSets = [1 << 18, 1 << 20, 3 << 19, 9 << 19, 10 << 20, 40 << 20, 256 << 20]

  /// Reads `workingSet` bytes (rounded down to 4096) again and again.
  static func measure(workingSet: Int, repeats: Int) -> Bandwidth {
    let count = workingSet & -4096
    let buffer = AlignedBuffer(count: count)
    // Each sum changes the buffer, so that no call can stand for another.
    let time = medianSeconds(repeats: repeats) {
      unsafe buffer.bytes[0] &+= sum(UnsafeRawBufferPointer(buffer.bytes))
    }
    return Bandwidth(workingSet: count, gigabytesPerSecond: Double(count) / time / 1e9)
  }

  /// The sum of the first 16 bytes of each line of `bytes`, whose count is a multiple of 4096.
  @inline(never)
  private static func sum(_ bytes: UnsafeRawBufferPointer) -> UInt8 {
    guard var place = bytes.baseAddress else { return 0 }
    let end = unsafe place + bytes.count
    var sums = InlineArray<8, SIMD16<UInt8>>(repeating: .zero)
    while unsafe place < end {
      for line in 0..<8 { unsafe sums[line] &+= (place + 64 * line).loadUnaligned(as: SIMD16<UInt8>.self) }
      unsafe place += 512
    }
    var total = SIMD16<UInt8>.zero
    for line in 0..<8 { total &+= sums[line] }
    return total.wrappedSum()
  }
}
