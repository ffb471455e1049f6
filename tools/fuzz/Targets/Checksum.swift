import SwiftletModelFile

/// The header of a `.swiftlet` file: without right numbers in it, no change of the file is seen by what reads the rest.
public enum Checksum {
  /// States the true size and checksum in a file's header, if it is that long.
  public static func repair(_ file: UnsafeMutableRawBufferPointer) {
    guard file.count >= 64 else { return }
    var hash = XXH64()
    unsafe file.storeBytes(of: UInt64(file.count).littleEndian, toByteOffset: 16, as: UInt64.self)
    unsafe hash.update(UnsafeRawBufferPointer(rebasing: file[32...]))
    unsafe file.storeBytes(of: hash.value.littleEndian, toByteOffset: 24, as: UInt64.self)
  }
}
