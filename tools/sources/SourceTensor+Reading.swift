extension SourceTensor {
  /// Reads a part of each of some rows, which are in range.
  func read(rows: Range<Int>, columns: Range<Int>, into values: UnsafeMutableBufferPointer<Float>) {
    unsafe convert(rows: rows, columns: columns, to: values)
    guard divisor != nil else { return }
    for (index, row) in rows.enumerated() {
      let scale = scale(ofRow: row)
      for place in index * columns.count..<(index + 1) * columns.count { unsafe values[place] *= scale }
    }
  }

  /// What the integers of a row are multiplied by, to be weights.
  private func scale(ofRow row: Int) -> Float {
    switch divisor {
    case nil: return 1
    case .one(let divisor): return 1 / divisor
    case .rows(let range):
      let start = range.lowerBound + 4 * row
      return unsafe source.withBytes(start..<start + 4) {
        unsafe 1 / Float(bitPattern: UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)))
      }
    }
  }

  private func convert(rows: Range<Int>, columns: Range<Int>, to values: UnsafeMutableBufferPointer<Float>) {
    let size = type.bits / 8
    if let steps {
      for (index, place) in rows.flatMap({ row in columns.map { row * steps.row + $0 * steps.column } })
        .enumerated()
      {
        let start = bytes.lowerBound + place * size
        unsafe source.withBytes(start..<start + size) {
          unsafe convert($0, to: UnsafeMutableBufferPointer(rebasing: values[index...index]))
        }
      }
    } else if columns.count == rowLength {
      let start = bytes.lowerBound + rows.lowerBound * rowLength * size
      unsafe source.withBytes(start..<start + values.count * size) { unsafe convert($0, to: values) }
    } else {
      for (index, row) in rows.enumerated() {
        let start = bytes.lowerBound + (row * rowLength + columns.lowerBound) * size
        unsafe source.withBytes(start..<start + columns.count * size) {
          let range = index * columns.count..<(index + 1) * columns.count
          unsafe convert($0, to: UnsafeMutableBufferPointer(rebasing: values[range]))
        }
      }
    }
  }

  private func convert(_ bytes: UnsafeRawBufferPointer, to values: UnsafeMutableBufferPointer<Float>) {
    func load<Number: FixedWidthInteger & BitwiseCopyable>(_ index: Int, as type: Number.Type) -> Number {
      let offset = index * MemoryLayout<Number>.size
      return unsafe Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
    }
    switch type {
    case .f64:
      for index in values.indices {
        unsafe values[index] = Float(Double(bitPattern: load(index, as: UInt64.self)))
      }
    case .i8: for index in values.indices { unsafe values[index] = Float(load(index, as: Int8.self)) }
    case .i16: for index in values.indices { unsafe values[index] = Float(load(index, as: Int16.self)) }
    case .f16:
      for index in values.indices { unsafe values[index] = Float(halfBits: load(index, as: UInt16.self)) }
    case .bf16:
      for index in values.indices { unsafe values[index] = Float(brainBits: load(index, as: UInt16.self)) }
    default:
      for index in values.indices { unsafe values[index] = Float(bitPattern: load(index, as: UInt32.self)) }
    }
  }

  /// Whether rows are int8 with a scale each, which can be taken over as they are.
  public var hasQuantizedRows: Bool {
    if case .rows = divisor { return type == .i8 && steps == nil }
    return false
  }

  /// The integers of some rows, and the scale of each: a weight is integer · scale.
  ///
  /// - Throws: `SourceError.tensors` if a row is outside of the tensor, `.changed` as `fill`. The tensor must have quantised rows.
  public func quantized(rows: Range<Int>) throws(SourceError) -> (values: [Int8], scales: [Float]) {
    precondition(hasQuantizedRows, "\(name) has no quantised rows")
    guard rows.lowerBound >= 0, rows.upperBound <= rowCount else { throw error(.rows(rows, count: rowCount)) }
    let range =
      bytes.lowerBound + rows.lowerBound * rowLength..<bytes.lowerBound + rows.upperBound * rowLength
    let values = unsafe source.withBytes(range) { unsafe $0.map { Int8(bitPattern: $0) } }
    let scales = rows.map { scale(ofRow: $0) }
    try source.checkUnchanged()
    return (values, scales)
  }
}
