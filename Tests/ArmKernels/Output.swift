import SwiftletPlatform

/// Standard output, unbuffered.
struct Output: ByteSink {
  mutating func write(_ bytes: UnsafeRawBufferPointer) {
    var sink = DescriptorSink(
      descriptor: 1, buffer: UnsafeMutableRawBufferPointer(start: nil, count: 0))
    sink.write(bytes)
  }
}

/// Writes why the check fails, and the sizes that it was at, and ends it.
func fail(_ what: StaticText, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, _ d: Int = 0) -> Never {
  let sizes: InlineArray<4, Int> = [a, b, c, d]
  var output = Output()
  output.write("failed: ")
  output.write(what)
  for index in sizes.indices {
    output.write(" ")
    output.write(sizes[index])
  }
  output.write("\n")
  exitProcess(1)
}

/// Whether two rows of floats have the same bits; NaN equals NaN, whose bits processors choose.
func areSame(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Bool {
  for index in 0..<count where a[index].bitPattern != b[index].bitPattern {
    if a[index] == a[index] || b[index] == b[index] { return false }
  }
  return true
}
