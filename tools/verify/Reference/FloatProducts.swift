/// Dot products in float32, over 8 partial sums each.
///
/// Four at a time share the loads of `one`: enough for the products to be bound by arithmetic.
@inline(__always)
func dots(
  _ one: UnsafePointer<Float>, _ four: UnsafePointer<Float>, stride: Int, count: Int
) -> SIMD4<Float> {
  var sums = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
  let (first, second, third, fourth) = unsafe (four, four + stride, four + 2 * stride, four + 3 * stride)
  var index = 0
  while index + 8 <= count {
    let shared = unsafe load8(one + index)
    unsafe sums.0 += shared * load8(first + index)
    unsafe sums.1 += shared * load8(second + index)
    unsafe sums.2 += shared * load8(third + index)
    unsafe sums.3 += shared * load8(fourth + index)
    index += 8
  }
  var result = SIMD4(sums.0.sum(), sums.1.sum(), sums.2.sum(), sums.3.sum())
  while index < count {
    unsafe result += SIMD4(first[index], second[index], third[index], fourth[index]) * one[index]
    index += 1
  }
  return result
}

/// One dot product.
@inline(__always)
func dot(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, count: Int) -> Float {
  var sums = SIMD8<Float>.zero
  var index = 0
  while index + 8 <= count {
    unsafe sums += load8(left + index) * load8(right + index)
    index += 8
  }
  var result = sums.sum()
  while index < count {
    unsafe result += left[index] * right[index]
    index += 1
  }
  return result
}

@inline(__always)
private func load8(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
}

/// `inputs` (n × k) times the transpose of `weights` (m × k, row after row): n × m.
package func product(_ inputs: FloatMatrix, _ weights: [Float], outputs: Int) -> FloatMatrix {
  let inner = inputs.columns
  precondition(weights.count == outputs * inner, "weights of \(weights.count), not \(outputs) × \(inner)")
  var result = FloatMatrix(rows: inputs.rows, columns: outputs)
  unsafe inputs.values.withUnsafeBufferPointer { inputBuffer in
    unsafe weights.withUnsafeBufferPointer { weightBuffer in
      unsafe result.values.withUnsafeMutableBufferPointer { resultBuffer in
        guard let x = inputBuffer.baseAddress, let w = weightBuffer.baseAddress,
          let y = resultBuffer.baseAddress
        else { return }
        let blocked = inputs.rows / 4 * 4
        unsafe fourRows(x, w, y, rows: blocked, inner: inner, outputs: outputs)
        for row in blocked..<inputs.rows {
          unsafe oneRow(x + row * inner, w, y + row * outputs, inner, outputs)
        }
      }
    }
  }
  return result
}

/// Four tokens at a time: each row of the weights is loaded once for them.
private func fourRows(
  _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, rows: Int,
  inner: Int, outputs: Int
) {
  for output in 0..<outputs {
    for row in stride(from: 0, to: rows, by: 4) {
      let sums = unsafe dots(w + output * inner, x + row * inner, stride: inner, count: inner)
      for lane in 0..<4 { unsafe y[(row + lane) * outputs + output] = sums[lane] }
    }
  }
}

/// One token: four rows of the weights at a time.
private func oneRow(
  _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ inner: Int,
  _ outputs: Int
) {
  let blocked = outputs / 4 * 4
  for output in stride(from: 0, to: blocked, by: 4) {
    let sums = unsafe dots(x, w + output * inner, stride: inner, count: inner)
    for lane in 0..<4 { unsafe y[output + lane] = sums[lane] }
  }
  for output in blocked..<outputs { unsafe y[output] = unsafe dot(x, w + output * inner, count: inner) }
}
