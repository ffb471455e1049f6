/// Reads one tensor's entry: `{"dtype": …, "shape": […], "data_offsets": [begin, end]}`.
struct SafetensorsEntryReader {
  let name: String
  /// Where the data begins in the file.
  let start: Int
  let fileSize: Int

  func entry(_ value: StrictJSON) throws(SafetensorsError.Problem) -> SafetensorsHeader.Entry {
    guard name.utf8.count <= SourceLimits.nameBytes else {
      throw .entry(
        tensor: "\(name.prefix(40))…",
        reason: "its name has \(name.utf8.count) bytes: at most \(SourceLimits.nameBytes) are read")
    }
    guard case .object(let object) = value else {
      throw .entry(tensor: name, reason: "its entry is not an object")
    }
    for member in object.members where !["dtype", "shape", "data_offsets"].contains(member.key) {
      throw .entry(tensor: name, reason: "unknown key \"\(member.key)\"")
    }
    let type = try elementType(object["dtype"])
    let shape = try integers(object["shape"], key: "shape")
    guard shape.count <= SourceLimits.dimensions else {
      throw .entry(
        tensor: name,
        reason: "its shape has \(shape.count) dimensions: at most \(SourceLimits.dimensions) are read")
    }
    let offsets = try integers(object["data_offsets"], key: "data_offsets")
    guard offsets.count == 2 else {
      throw .entry(tensor: name, reason: "data_offsets has \(offsets.count) numbers, not 2")
    }
    let available = fileSize - start
    guard offsets[0] <= offsets[1], offsets[1] <= available else {
      throw .offsets(tensor: name, begin: offsets[0], end: offsets[1], available: available)
    }
    let expected = try byteCount(type, shape)
    guard expected == offsets[1] - offsets[0] else {
      throw .size(tensor: name, shape: shape, type: type, expected: expected, found: offsets[1] - offsets[0])
    }
    return .init(name: name, type: type, shape: shape, bytes: start + offsets[0]..<start + offsets[1])
  }

  private func elementType(_ value: StrictJSON?) throws(SafetensorsError.Problem) -> ElementType {
    guard case .string(let text) = value else { throw .entry(tensor: name, reason: "dtype is not text") }
    guard let type = ElementType(rawValue: text) else { throw .unknownType(tensor: name, type: text) }
    return type
  }

  private func integers(_ value: StrictJSON?, key: String) throws(SafetensorsError.Problem) -> [Int] {
    guard case .array(let values) = value else {
      throw .entry(tensor: name, reason: "\(key) is not an array")
    }
    var integers: [Int] = []
    for value in values {
      guard case .integer(let integer) = value, integer >= 0 else {
        throw .entry(tensor: name, reason: "\(key) has \(value.excerpt), which is not a non-negative integer")
      }
      integers.append(integer)
    }
    return integers
  }

  private func byteCount(_ type: ElementType, _ shape: [Int]) throws(SafetensorsError.Problem) -> Int {
    // A length of zero must not hide that the others overflow: rows are sized without it.
    var bits = type.bits
    for length in shape where length > 0 {
      let (product, overflow) = bits.multipliedReportingOverflow(by: length)
      guard !overflow else { throw .shapeOverflow(tensor: name, shape: shape) }
      bits = product
    }
    if shape.contains(0) { bits = 0 }
    guard bits % 8 == 0 else {
      throw .entry(tensor: name, reason: "\(type.rawValue) \(shape) doesn't fill whole bytes")
    }
    return bits / 8
  }
}
