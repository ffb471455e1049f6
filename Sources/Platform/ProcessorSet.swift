/// Which processors a thread may run on, as Linux tells it: a bit for each, up to 8,192.
struct ProcessorSet {
  var bits = InlineArray<128, UInt64>(repeating: 0)

  /// In bytes.
  static var size: Int { MemoryLayout<InlineArray<128, UInt64>>.size }

  /// How many there are.
  var count: Int {
    var count = 0
    for index in bits.indices { count += bits[index].nonzeroBitCount }
    return count
  }
}
