extension Tensor {
  /// Checks that no weight of an int8 tensor is −128: kernels negate weights in 8 bits, where it has no opposite, so
  /// processors would disagree about its products.
  ///
  /// - Complexity: O(size of the data), eight bytes at a time.
  func checkWeights(_ file: UnsafeRawBufferPointer) throws(ModelFileError) {
    guard element == .int8 else { return }
    let start = Int(truncatingIfNeeded: data)  // Its place has been checked to lie in the file.
    let weights = unsafe UnsafeRawBufferPointer(rebasing: file[start..<start + dataSize])
    guard unsafe Self.holds128(weights) else { return }
    var place = 0
    while unsafe place < dataSize && weights[place] != 0x80 { place += 1 }
    throw .weight(name, offset: start + place)
  }

  /// Whether a byte of these, which are a whole number of words, is 128. Every weight passes here before a model is
  /// open, so it is optimised for speed in a module that is small.
  @_optimize(speed)
  @inline(never)
  private static func holds128(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var found: UInt64 = 0
    var place = 0
    while place < bytes.count {
      // A byte of `rest` is zero where a weight is −128; subtracting one sets its top bit.
      let rest = unsafe bytes.littleEndian(at: place, as: UInt64.self) ^ 0x8080_8080_8080_8080
      found |= (rest &- 0x0101_0101_0101_0101) & ~rest & 0x8080_8080_8080_8080
      place &+= 8
    }
    return found != 0
  }
}
