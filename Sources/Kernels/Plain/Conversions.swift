// The standard library's conversions between SIMD types are calls; written lane by lane, they become one
// instruction each.

/// 16 whole numbers as floats, rounded to nearest, ties to even.
@inline(__always)
func floats(_ v: SIMD16<Int32>) -> Lanes {
  Lanes(
    Float(Int(v[0])), Float(Int(v[1])), Float(Int(v[2])), Float(Int(v[3])),
    Float(Int(v[4])), Float(Int(v[5])), Float(Int(v[6])), Float(Int(v[7])),
    Float(Int(v[8])), Float(Int(v[9])), Float(Int(v[10])), Float(Int(v[11])),
    Float(Int(v[12])), Float(Int(v[13])), Float(Int(v[14])), Float(Int(v[15])))
}

/// 16 signed bytes as whole numbers.
@inline(__always)
func widened(_ v: SIMD16<Int8>) -> SIMD16<Int32> {
  SIMD16(
    Int32(v[0]), Int32(v[1]), Int32(v[2]), Int32(v[3]), Int32(v[4]), Int32(v[5]), Int32(v[6]), Int32(v[7]),
    Int32(v[8]), Int32(v[9]), Int32(v[10]), Int32(v[11]), Int32(v[12]), Int32(v[13]), Int32(v[14]),
    Int32(v[15]))
}

/// 16 signed bytes from memory, as floats: exact.
@inline(__always)
func floats(bytesAt pointer: UnsafePointer<Int8>) -> Lanes {
  unsafe floats(widened(UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Int8>.self)))
}

/// 16 bfloat16 numbers as floats: exact.
@inline(__always)
func floats(bfloat16At pointer: UnsafePointer<UInt16>) -> Lanes {
  let halves = unsafe UnsafeRawPointer(pointer).assumingMemoryBound(to: InlineArray<16, UInt16>.self)
  let v = unsafe unsafeBitCast(halves.pointee, to: SIMD16<UInt16>.self)
  let wide = SIMD16<UInt32>(
    UInt32(v[0]), UInt32(v[1]), UInt32(v[2]), UInt32(v[3]), UInt32(v[4]), UInt32(v[5]), UInt32(v[6]),
    UInt32(v[7]), UInt32(v[8]), UInt32(v[9]), UInt32(v[10]), UInt32(v[11]), UInt32(v[12]), UInt32(v[13]),
    UInt32(v[14]), UInt32(v[15]))
  return unsafe unsafeBitCast(wide &<< 16, to: Lanes.self)
}

/// The low bytes of 16 whole numbers.
@inline(__always)
func narrowed(_ v: SIMD16<Int32>) -> SIMD16<Int8> {
  let bytes = unsafe unsafeBitCast(v, to: SIMD64<Int8>.self)
  return bytes.evenHalf.evenHalf
}

/// Lane by lane, `b` where it is larger than `a`, else `a`: so also where either is NaN.
@inline(__always)
func larger<Vector: SIMD>(_ a: Vector, _ b: Vector) -> Vector where Vector.Scalar == Float {
  a.replacing(with: b, where: b .> a)
}

/// Lane by lane, `b` where it is smaller than `a`, else `a`.
@inline(__always)
func smaller(_ a: Lanes, _ b: Lanes) -> Lanes { a.replacing(with: b, where: b .< a) }
