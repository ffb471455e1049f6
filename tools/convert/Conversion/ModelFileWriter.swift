import Foundation
import SwiftletModelFile

/// Writes a `.swiftlet` file: the small sections first, then tensor after tensor, at last the header.
///
/// - Complexity: memory for one tensor at a time.
final class ModelFileWriter {
  private let file: AtomicFile
  private let sections: [Section]
  private let tableOffset: Int
  private let dataStart: Int
  private var table: [UInt8] = []
  private var end: Int

  /// Lays out the file and writes all but the tensors.
  init(
    path: String, architecture: Architecture, decoding: DecodingDefaults, metadata: String,
    _ tokenizers: TokenizerSections
  ) throws {
    let measures = Self.bytes(architecture.words.span)
    do throws(ModelFileError) {
      _ = unsafe try measures.withUnsafeBufferPointer { (bytes) throws(ModelFileError) in
        unsafe try Architecture(UnsafeRawBufferPointer(bytes), at: 0)
      }
    } catch { throw ConversionError.unsupported("no file holds such a model: \(error.description)") }
    file = try AtomicFile(path: path)
    var bytes: [UInt8] = []
    let start = (Header.byteCount + 7 * Section.byteCount + 63) & -64
    var sections: [Section] = []
    func add(_ kind: SectionKind, _ content: [UInt8]) {
      sections.append(Section(kind, offset: UInt64(start + bytes.count), size: UInt64(content.count)))
      bytes += content
      bytes.pad()
    }
    add(.architecture, measures)
    add(.decoding, Self.bytes(decoding.words.span))
    add(.metadata, Array(metadata.utf8))
    add(.sourceTokenizer, tokenizers.source)
    if let target = tokenizers.target {
      add(.targetTokenizer, target)
    } else {
      let source = sections[sections.count - 1]
      sections.append(Section(.targetTokenizer, offset: source.offset, size: source.size))
    }
    tableOffset = start + bytes.count
    add(.tensorTable, [UInt8](repeating: 0, count: TensorList(architecture).count * Tensor.byteCount))
    dataStart = start + bytes.count
    end = dataStart
    self.sections = sections
    try file.write(bytes, at: start)
  }

  /// Writes bytes of a tensor at the next multiple of 64; returns their file offset.
  func append(_ bytes: [UInt8]) throws -> UInt64 {
    let padding = [UInt8](repeating: 0, count: (64 - bytes.count % 64) % 64)
    try file.write(bytes, at: end)
    try file.write(padding, at: end + bytes.count)
    defer { end += bytes.count + padding.count }
    return UInt64(end)
  }

  /// Adds the next entry of the tensor table.
  func addEntry(_ tensor: Tensor) {
    table.append(littleEndian: tensor.name.stack.rawValue)
    table.append(littleEndian: UInt16(tensor.name.layer))
    table.append(littleEndian: tensor.name.part.rawValue)
    table.append(littleEndian: tensor.element.rawValue)
    for word in [tensor.rows, tensor.columns, tensor.group, tensor.flags] {
      table.append(littleEndian: UInt32(word))
    }
    for place in [tensor.data, tensor.scales, tensor.sums, tensor.bias, tensor.inputs] {
      table.append(littleEndian: place)
    }
  }

  /// Writes table, directory and header, reads the file back through the runtime's checks, and gives it its name.
  /// Returns its size in bytes.
  func finish() throws -> Int {
    try file.write(table, at: tableOffset)
    var header: [UInt8] = (0..<8).map { Header.magic[$0] }
    header.append(littleEndian: UInt32(Header.version))
    header.append(littleEndian: UInt32(Header.byteCount))
    header.append(littleEndian: UInt64(end))
    header.append(littleEndian: UInt64(0))  // the checksum, below
    let all = sections + [Section(.tensorData, offset: UInt64(dataStart), size: UInt64(end - dataStart))]
    header.append(littleEndian: UInt32(all.count))
    header.pad()
    for section in all {
      header.append(littleEndian: section.kind)
      header.append(littleEndian: UInt32(0))
      for word in [section.offset, section.size, 0] { header.append(littleEndian: word) }
    }
    header.pad()
    try file.write(header, at: 0)
    let checksum = try unsafe file.withMappedBytes(count: end) { bytes in
      var hash = XXH64()
      unsafe hash.update(UnsafeRawBufferPointer(rebasing: bytes[Header.checksumStart...]))
      return hash.value
    }
    var checksumBytes: [UInt8] = []
    checksumBytes.append(littleEndian: checksum)
    try file.write(checksumBytes, at: 24)
    try file.commit { path in
      do throws(ModelFileError) { _ = try unsafe ModelFile(path: path) } catch {
        throw ConversionError.unreadable(error)
      }
    }
    return end
  }

  private static func bytes(_ words: Span<UInt32>) -> [UInt8] {
    var bytes: [UInt8] = []
    for index in words.indices { bytes.append(littleEndian: words[index]) }
    return bytes
  }
}
