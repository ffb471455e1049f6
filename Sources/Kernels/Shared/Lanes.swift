// Every kernel that is not an integer product is written once, over 16 lanes of the standard library's SIMD
// types, and compiled into each instruction set's module with that module's flags: one register on AVX-512,
// two on AVX, four on SSE and NEON. Multiplications and additions stay separate, and reductions fold 16 lanes in
// one tree, so all of them give the same bits.

// Functions like eˣ are written over `Part`, as many lanes as a module computes them of at once: all of them, but in the
// plain set and in SSSE3's.

/// Whether a part is all sixteen lanes: known when this is compiled.
var computesSixteen: Bool {
  @inline(__always) get { Part.scalarCount == Lanes.scalarCount }
}

/// Sixteen floats.
package typealias Lanes = SIMD16<Float>

/// Sixteen floats in memory, aligned as one is. Without an alignment, processors that need one read byte by byte.
typealias Row = InlineArray<16, Float>

extension UnsafePointer where Pointee == Float {
  /// The 16 floats from `index`.
  @inline(__always)
  func lanes(at index: Int) -> Lanes {
    unsafe unsafeBitCast(
      UnsafeRawPointer(self + index).assumingMemoryBound(to: Row.self).pointee, to: Lanes.self)
  }

  /// The floats from `index` to `end`, at most 16, and zeros after them.
  @inline(__always)
  func lanes(at index: Int, end: Int) -> Lanes {
    unsafe index &+ 16 <= end ? lanes(at: index) : (self + index).lanes(first: end &- index)
  }

  /// The first `count` floats, fewer than 16, and zeros after them. Few rows need it: so it is there once, not
  /// wherever floats are read.
  @inline(never)
  func lanes(first count: Int) -> Lanes {
    var lanes = Lanes.zero
    var lane = 0
    while lane < count {
      lanes[lane] = unsafe self[lane]
      lane &+= 1
    }
    return lanes
  }
}

extension UnsafeMutablePointer where Pointee == Float {
  /// Stores 16 floats from `index`.
  @inline(__always)
  func store(_ value: Lanes, at index: Int) {
    unsafe UnsafeMutableRawPointer(self + index).assumingMemoryBound(to: Row.self).pointee =
      unsafe unsafeBitCast(value, to: Row.self)
  }

  /// Stores the lanes from `index` to `end`, at most 16.
  @inline(__always)
  func store(_ value: Lanes, at index: Int, end: Int) {
    unsafe index &+ 16 <= end ? store(value, at: index) : (self + index).store(value, first: end &- index)
  }

  /// Stores the first `count` lanes, fewer than 16.
  @inline(never)
  func store(_ value: Lanes, first count: Int) {
    var lane = 0
    while lane < count {
      unsafe self[lane] = value[lane]
      lane &+= 1
    }
  }

  /// Adds the lanes to the floats from `index` to `end`, at most 16.
  @inline(__always)
  func add(_ value: Lanes, at index: Int, end: Int) {
    unsafe store(UnsafePointer(self).lanes(at: index, end: end) + value, at: index, end: end)
  }
}

extension SIMD16 where Scalar == Float {
  /// The sum of the lanes, folded in halves: lane i with lane i + 8, then + 4, + 2, + 1.
  @inline(__always)
  var foldedSum: Float {
    let eight = lowHalf + highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }

  /// The largest lane; a NaN is passed over unless all lanes are NaN.
  @inline(__always)
  var foldedMaximum: Float {
    let eight = larger(lowHalf, highHalf)
    let four = larger(eight.lowHalf, eight.highHalf)
    let two = larger(four, SIMD4(lowHalf: four.highHalf, highHalf: four.highHalf))
    return two[1] > two[0] ? two[1] : two[0]
  }

  /// The smallest lane.
  @inline(__always)
  var foldedMinimum: Float { -(Lanes.zero - self).foldedMaximum }

  /// Whether any lane is zero or more.
  @inline(__always)
  var reachesZero: Bool { foldedMaximum >= 0 }

  /// Lane by lane, `other` where it is larger, else this: each module's `larger`.
  @inline(__always)
  func maximum(_ other: Lanes) -> Lanes { larger(self, other) }

  /// Lane by lane, `other` where it is smaller, else this: each module's `smaller`.
  @inline(__always)
  func minimum(_ other: Lanes) -> Lanes { smaller(self, other) }

  /// This, with `other` in the lanes from `count` on. Once a row: so it is there once, not inlined.
  @inline(never)
  func keeping(first count: Int, else other: Float) -> Lanes {
    let lane = SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    let end = SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: count))
    return replacing(with: Lanes(repeating: other), where: lane .>= end)
  }
}
