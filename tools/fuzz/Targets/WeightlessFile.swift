import SwiftletSources

/// Safetensors files without their data: of a header follows how many bytes there are, and these are made up. So an input
/// stays small, and what is changed in it is what says something.
package enum WeightlessFile {
  private static let most = 1 << 18

  /// A whole file with this header, its length before it.
  package static func bytes(header: UnsafeRawBufferPointer) -> [UInt8] {
    guard unsafe !header.isEmpty else { return [] }
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return unsafe length + header + data(count: dataSize(header))
  }

  /// The header of a whole file.
  package static func header(of file: [UInt8]) -> [UInt8] {
    let length = file.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    return Array(file[8..<8 + length])
  }

  /// Where the last tensor ends.
  private static func dataSize(_ header: UnsafeRawBufferPointer) -> Int {
    guard case .object(let tensors)? = unsafe try? StrictJSON(header) else { return 0 }
    var size = 0
    for member in tensors.members {
      guard case .object(let tensor) = member.value, case .array(let ends)? = tensor["data_offsets"],
        let end = ends.last?.wholeNumber, end <= most
      else { continue }
      size = max(size, end)
    }
    return size
  }

  /// Small numbers, in whatever type they are read: floats of 4 bytes from 0.03 to 0.06, of 2 bytes about 1.
  private static func data(count: Int) -> [UInt8] {
    (0..<count).map { place in
      switch place % 4 {
      case 1: 0x3C
      case 3: 0x3D
      default: UInt8(truncatingIfNeeded: place &* 37 &+ place / 251)
      }
    }
  }
}

/// Lends the bytes of arrays, all together.
func withContents<Result>(of arrays: [[UInt8]], _ body: ([UnsafeRawBufferPointer]) -> Result) -> Result {
  let copies = unsafe arrays.map { array in
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: array.count, alignment: 8)
    unsafe copy.copyBytes(from: array)
    return unsafe copy
  }
  defer { unsafe copies.forEach { unsafe $0.deallocate() } }
  return unsafe body(copies.map { UnsafeRawBufferPointer($0) })
}
