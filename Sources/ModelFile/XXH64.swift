import SwiftletPlatform

/// The 64-bit xxHash of a stream of bytes (Yann Collet's XXH64, seed 0): the checksum of files and outputs.
///
/// It is a checksum against accidents, not against forgery. `xxhsum -H64` gives the same number.
/// - Complexity: O(n), about a byte every third of a cycle on 64-bit processors.
public struct XXH64: Sendable {
  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

  private var lanes = SIMD4<UInt64>(prime1 &+ prime2, prime2, 0, 0 &- prime1)
  private var tail = InlineArray<32, UInt8>(repeating: 0)
  private var length: UInt64 = 0

  /// The hash of no bytes yet.
  public init() {}

  /// Takes bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var index = 0
    var pending = Int(truncatingIfNeeded: length & 31)
    length &+= UInt64(truncatingIfNeeded: bytes.count)
    if pending > 0 {
      while pending < 32 && index < bytes.count {
        tail[pending] = unsafe bytes[index]
        pending += 1
        index += 1
      }
      guard pending == 32 else { return }
      var words = SIMD4<UInt64>()
      for lane in 0..<4 { words[lane] = tailWord(8 * lane) }
      lanes = Self.round(lanes, words)
    }
    if let start = bytes.baseAddress { unsafe index += takeBlocks(start + index, count: bytes.count - index) }
    pending = 0
    while index < bytes.count {
      tail[pending] = unsafe bytes[index]
      pending += 1
      index += 1
    }
  }

  /// Takes the whole blocks of 32 bytes; returns how many bytes that are.
  ///
  /// Four numbers, not a vector: processors multiply 64 bits one by one, and moving them costs more than that. Aligned
  /// words are read as such, since some processors read others byte by byte.
  private mutating func takeBlocks(_ bytes: UnsafeRawPointer, count: Int) -> Int {
    let isAligned = Int(bitPattern: bytes) & 7 == 0
    var (a, b, c, d) = (lanes[0], lanes[1], lanes[2], lanes[3])
    var index = 0
    while index &+ 32 <= count {
      a = unsafe Self.round(a, Self.word(bytes + index, isAligned))
      b = unsafe Self.round(b, Self.word(bytes + (index &+ 8), isAligned))
      c = unsafe Self.round(c, Self.word(bytes + (index &+ 16), isAligned))
      d = unsafe Self.round(d, Self.word(bytes + (index &+ 24), isAligned))
      index &+= 32
    }
    lanes = SIMD4(a, b, c, d)
    return index
  }

  @inline(__always)
  private static func word(_ place: UnsafeRawPointer, _ isAligned: Bool) -> UInt64 {
    unsafe UInt64(
      littleEndian: isAligned ? place.load(as: UInt64.self) : place.loadUnaligned(as: UInt64.self))
  }

  /// Takes a number as 4 bytes, little-endian.
  public mutating func update(_ number: UInt32) {
    unsafe withUnsafeBytes(of: number.littleEndian) { unsafe update($0) }
  }

  /// The hash of the bytes so far.
  public var value: UInt64 {
    var hash = Self.prime5
    if length >= 32 {
      hash = Self.rotate(lanes[0], 1) &+ Self.rotate(lanes[1], 7)
      hash = hash &+ Self.rotate(lanes[2], 12) &+ Self.rotate(lanes[3], 18)
      for lane in 0..<4 {
        hash = (hash ^ Self.round(0, lanes[lane])) &* Self.prime1 &+ Self.prime4
      }
    }
    hash = hash &+ length
    var index = 0
    let pending = Int(truncatingIfNeeded: length & 31)
    while index + 8 <= pending {
      hash = Self.rotate(hash ^ Self.round(0, tailWord(index)), 27) &* Self.prime1 &+ Self.prime4
      index += 8
    }
    if index + 4 <= pending {
      let word = tailWord(index) & 0xFFFF_FFFF
      hash = Self.rotate(hash ^ (word &* Self.prime1), 23) &* Self.prime2 &+ Self.prime3
      index += 4
    }
    while index < pending {
      hash = Self.rotate(hash ^ (UInt64(tail[index]) &* Self.prime5), 11) &* Self.prime1
      index += 1
    }
    hash = (hash ^ hash >> 33) &* Self.prime2
    hash = (hash ^ hash >> 29) &* Self.prime3
    return hash ^ hash >> 32
  }

  /// Eight bytes of the tail from `index`, those past its end as zero.
  private func tailWord(_ index: Int) -> UInt64 {
    var word: UInt64 = 0
    for byte in 0..<min(8, 32 - index) { word |= UInt64(tail[index + byte]) << UInt64(8 * byte) }
    return word
  }

  @inline(__always)
  private static func rotate(_ x: UInt64, _ count: UInt64) -> UInt64 { x &<< count | x &>> (64 &- count) }

  @inline(__always)
  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    rotate(lane &+ word &* prime2, 31) &* prime1
  }

  @inline(__always)
  private static func round(_ lanes: SIMD4<UInt64>, _ words: SIMD4<UInt64>) -> SIMD4<UInt64> {
    var next = lanes
    for lane in 0..<4 { next[lane] = round(lanes[lane], words[lane]) }
    return next
  }
}

extension UnsafeRawBufferPointer {
  /// A little-endian number at a byte offset, aligned or not. The caller has checked that it lies inside.
  @inline(__always)
  func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as: Number.Type) -> Number {
    unsafe Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
  }
}
