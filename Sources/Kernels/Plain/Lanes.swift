// Every kernel that is not an integer product is written once, over 16 lanes of the standard library's SIMD
// types, and compiled into each instruction set's module with that module's flags: one register on AVX-512,
// two on AVX, four on SSE and NEON. Multiplications and additions stay separate, and reductions fold 16 lanes in
// one tree, so all of them give the same bits.

/// Sixteen floats.
public typealias Lanes = SIMD16<Float>

/// The lanes' count: buffers and rows are padded to a multiple of it.
public let laneCount = 16

/// `count` rounded up to a multiple of `multiple`, a power of two.
@inlinable
public func roundUp(_ count: Int, to multiple: Int) -> Int { (count &+ multiple &- 1) & (0 &- multiple) }

extension UnsafePointer where Pointee == Float {
  /// The 16 floats from `index`.
  @_alwaysEmitIntoClient @inline(__always)
  public func lanes(at index: Int) -> Lanes {
    UnsafeRawPointer(self + index).loadUnaligned(as: Lanes.self)
  }

  /// The floats from `index` to `end`, at most 16, and zeros after them.
  @_alwaysEmitIntoClient @inline(__always)
  public func lanes(at index: Int, end: Int) -> Lanes {
    if index &+ 16 <= end { return lanes(at: index) }
    var tail = Lanes.zero
    var lane = 0
    while index &+ lane < end {
      tail[lane] = self[index &+ lane]
      lane &+= 1
    }
    return tail
  }
}

extension UnsafeMutablePointer where Pointee == Float {
  /// Stores 16 floats from `index`.
  @_alwaysEmitIntoClient @inline(__always)
  public func store(_ value: Lanes, at index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: value, as: Lanes.self)
  }

  /// Stores the lanes from `index` to `end`, at most 16.
  @_alwaysEmitIntoClient @inline(__always)
  public func store(_ value: Lanes, at index: Int, end: Int) {
    if index &+ 16 <= end { return store(value, at: index) }
    var lane = 0
    while index &+ lane < end {
      self[index &+ lane] = value[lane]
      lane &+= 1
    }
  }
}

extension SIMD16 where Scalar == Float {
  /// The sum of the lanes, folded in halves: lane i with lane i + 8, then + 4, + 2, + 1.
  @_alwaysEmitIntoClient @inline(__always)
  public var foldedSum: Float {
    let eight = lowHalf + highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }

  /// The largest lane; a NaN is passed over unless all lanes are NaN.
  @_alwaysEmitIntoClient @inline(__always)
  public var foldedMaximum: Float {
    let eight = lowHalf.replacing(with: highHalf, where: highHalf .> lowHalf)
    let four = eight.lowHalf.replacing(with: eight.highHalf, where: eight.highHalf .> eight.lowHalf)
    let two = four.lowHalf.replacing(with: four.highHalf, where: four.highHalf .> four.lowHalf)
    return two[1] > two[0] ? two[1] : two[0]
  }

  /// The smallest lane.
  @_alwaysEmitIntoClient @inline(__always)
  public var foldedMinimum: Float { -(Lanes.zero - self).foldedMaximum }

  /// Lane by lane, the larger of this and `other`.
  @_alwaysEmitIntoClient @inline(__always)
  public func maximum(_ other: Lanes) -> Lanes { replacing(with: other, where: other .> self) }

  /// Lane by lane, the smaller of this and `other`.
  @_alwaysEmitIntoClient @inline(__always)
  public func minimum(_ other: Lanes) -> Lanes { replacing(with: other, where: other .< self) }

  /// This, with `other` in the lanes from `count` on.
  @_alwaysEmitIntoClient @inline(__always)
  public func keeping(first count: Int, else other: Float) -> Lanes {
    if count >= 16 { return self }
    let lane = SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    return replacing(with: Lanes(repeating: other), where: lane .>= Int32(truncatingIfNeeded: count))
  }
}

// The standard library's conversions between SIMD types are calls; written lane by lane, they become one
// instruction each.

/// 16 whole numbers as floats, rounded to nearest, ties to even.
@_alwaysEmitIntoClient @inline(__always)
public func floats(_ v: SIMD16<Int32>) -> Lanes {
  Lanes(
    Float(Int(v[0])), Float(Int(v[1])), Float(Int(v[2])), Float(Int(v[3])),
    Float(Int(v[4])), Float(Int(v[5])), Float(Int(v[6])), Float(Int(v[7])),
    Float(Int(v[8])), Float(Int(v[9])), Float(Int(v[10])), Float(Int(v[11])),
    Float(Int(v[12])), Float(Int(v[13])), Float(Int(v[14])), Float(Int(v[15])))
}

/// 16 signed bytes as whole numbers.
@_alwaysEmitIntoClient @inline(__always)
public func widened(_ v: SIMD16<Int8>) -> SIMD16<Int32> {
  SIMD16(
    Int32(v[0]), Int32(v[1]), Int32(v[2]), Int32(v[3]), Int32(v[4]), Int32(v[5]), Int32(v[6]), Int32(v[7]),
    Int32(v[8]), Int32(v[9]), Int32(v[10]), Int32(v[11]), Int32(v[12]), Int32(v[13]), Int32(v[14]),
    Int32(v[15]))
}

/// 16 signed bytes from memory, as floats: exact.
@_alwaysEmitIntoClient @inline(__always)
public func floats(bytesAt pointer: UnsafePointer<Int8>) -> Lanes {
  floats(widened(UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Int8>.self)))
}

/// 16 bfloat16 numbers as floats: exact.
@_alwaysEmitIntoClient @inline(__always)
public func floats(bfloat16At pointer: UnsafePointer<UInt16>) -> Lanes {
  let v = UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<UInt16>.self)
  let wide = SIMD16<UInt32>(
    UInt32(v[0]), UInt32(v[1]), UInt32(v[2]), UInt32(v[3]), UInt32(v[4]), UInt32(v[5]), UInt32(v[6]),
    UInt32(v[7]), UInt32(v[8]), UInt32(v[9]), UInt32(v[10]), UInt32(v[11]), UInt32(v[12]), UInt32(v[13]),
    UInt32(v[14]), UInt32(v[15]))
  return unsafeBitCast(wide &<< 16, to: Lanes.self)
}

/// The low bytes of 16 whole numbers.
@_alwaysEmitIntoClient @inline(__always)
public func narrowed(_ v: SIMD16<Int32>) -> SIMD16<Int8> {
  let bytes = unsafeBitCast(v, to: SIMD64<Int8>.self)
  return bytes.evenHalf.evenHalf
}
