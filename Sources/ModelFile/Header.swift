import SwiftletPlatform

/// The first 64 bytes of a file.
public struct Header: Sendable {
  /// The magic number: a byte that is not text, the name, and line ends that a text transfer would change.
  public static let magic: InlineArray<8, UInt8> = [0x89, 0x53, 0x57, 0x4C, 0x54, 0x0D, 0x0A, 0x1A]
  /// The version that this program writes, and the latest that it reads.
  public static let version = 1
  /// The size of the header in bytes.
  public static let byteCount = 64
  /// Where the bytes begin that the checksum is over; those before it are each checked by value.
  public static let checksumStart = 32
  /// The most sections that a file may have.
  public static let maximumSections = 16

  /// How many sections there are.
  let sections: Int

  /// Checks magic, version, size and checksum, in that order.
  init(_ file: UnsafeRawBufferPointer) throws(ModelFileError) {
    guard file.count > 0 else { throw .empty }
    for index in 0..<min(8, file.count) where unsafe file[index] != Self.magic[index] { throw .notAModel }
    guard file.count >= Self.byteCount else { throw .truncated(needed: Self.byteCount, size: file.count) }
    let version = unsafe Int(clamping: file.littleEndian(at: 8, as: UInt32.self))
    guard version <= Self.version else { throw .newer(version: version, supported: Self.version) }
    guard version == Self.version else { throw .unknownVersion(version) }
    let headerSize = unsafe Int(clamping: file.littleEndian(at: 12, as: UInt32.self))
    guard headerSize == Self.byteCount else {
      throw .field("header size", value: headerSize, most: Self.byteCount, least: Int32(Self.byteCount))
    }
    let size = unsafe file.littleEndian(at: 16, as: UInt64.self)
    guard size == UInt64(file.count) else { throw .wrongSize(stated: size, actual: file.count) }
    let stated = unsafe file.littleEndian(at: 24, as: UInt64.self)
    var hash = XXH64()
    unsafe hash.update(UnsafeRawBufferPointer(rebasing: file[Self.checksumStart...]))
    guard hash.value == stated else { throw .wrongChecksum(stated: stated, computed: hash.value) }
    sections = unsafe Int(clamping: file.littleEndian(at: 32, as: UInt32.self))
    guard sections <= Self.maximumSections else {
      throw .field("section count", value: sections, most: Self.maximumSections, least: 0)
    }
    for offset in stride(from: 36, to: Self.byteCount, by: 4) {
      guard unsafe file.littleEndian(at: offset, as: UInt32.self) == 0 else {
        throw .reserved(offset: offset)
      }
    }
  }
}
