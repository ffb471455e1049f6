/// The header of a safetensors file: what is where, checked against every rule of the format.
struct SafetensorsHeader {
  /// One tensor's entry. `bytes` counts from the begin of the file.
  struct Entry {
    let name: String
    let type: ElementType
    let shape: [Int]
    let bytes: Range<Int>
  }

  /// Tensors in the order of their data.
  let entries: [Entry]
  /// The free text under `__metadata__`.
  let metadata: [String: String]

  init(_ source: MappedSource) throws(SourceError) {
    do {
      let length = try Self.headerLength(source)
      let object = try Self.headerObject(source, length: length)
      source.release(0..<8 + length)
      var entries: [Entry] = []
      var metadata: [String: String] = [:]
      entries.reserveCapacity(object.members.count)
      for member in object.members {
        if member.key == "__metadata__" {
          metadata = try Self.metadata(member.value)
        } else {
          let reader = SafetensorsEntryReader(name: member.key, start: 8 + length, fileSize: source.count)
          entries.append(try reader.entry(member.value))
        }
      }
      self.entries = try Self.tiled(entries, start: 8 + length, end: source.count)
      self.metadata = metadata
    } catch {
      throw .safetensors(SafetensorsError(file: source.path, problem: error))
    }
  }

  private static func headerLength(_ source: MappedSource) throws(SafetensorsError.Problem) -> Int {
    guard source.count >= 8 else { throw .tooShort(bytes: source.count) }
    let length = unsafe source.withBytes(0..<8) {
      unsafe UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))
    }
    guard length <= SourceLimits.jsonBytes else { throw .headerTooLong(bytes: length) }
    guard length <= source.count - 8 else {
      throw .headerBeyondFile(bytes: length, available: source.count - 8)
    }
    return Int(length)
  }

  private static func headerObject(
    _ source: MappedSource, length: Int
  ) throws(SafetensorsError.Problem) -> JSONObject {
    unsafe try source.withBytes(8..<8 + length) { (bytes) throws(SafetensorsError.Problem) in
      guard unsafe bytes.first == UInt8(ascii: "{") else {
        throw unsafe .headerNotObject(firstByte: bytes.first)
      }
      let value: StrictJSON
      do throws(JSONError) { value = unsafe try StrictJSON(bytes, depth: 4) } catch { throw .header(error) }
      guard case .object(let object) = value else { throw unsafe .headerNotObject(firstByte: bytes.first) }
      guard object.members.count <= SourceLimits.tensors else {
        throw .tooManyTensors(object.members.count, limit: SourceLimits.tensors)
      }
      return object
    }
  }

  private static func metadata(_ value: StrictJSON) throws(SafetensorsError.Problem) -> [String: String] {
    guard case .object(let object) = value else { throw .metadata(key: "__metadata__") }
    var metadata: [String: String] = [:]
    for member in object.members {
      guard case .string(let text) = member.value else { throw .metadata(key: member.key) }
      metadata[member.key] = text
    }
    return metadata
  }

  /// The entries in the order of their data, which must cover `start..<end` without holes and overlaps.
  private static func tiled(
    _ entries: [Entry], start: Int, end: Int
  ) throws(SafetensorsError.Problem) -> [Entry] {
    let sorted = entries.sorted {
      ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
    }
    var reached = start
    var previous = ""
    for entry in sorted {
      let begin = entry.bytes.lowerBound
      guard begin >= reached else {
        throw .overlap(tensor: entry.name, with: previous, at: begin - start)
      }
      guard begin == reached else {
        throw .hole(from: reached - start, to: begin - start, before: entry.name)
      }
      reached = entry.bytes.upperBound
      previous = entry.name
    }
    guard reached == end else { throw .hole(from: reached - start, to: end - start, before: nil) }
    return sorted
  }
}

/// Within the reader the broken rule is thrown alone; the file is added where it is known.
extension SafetensorsError.Problem: Error {}
