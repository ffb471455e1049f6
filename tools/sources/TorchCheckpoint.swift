/// A file of `torch.save`: the tensors of a state dictionary, where they lie in it.
///
/// A ZIP file with one pickle and a member for each storage; or, before PyTorch 1.6, pickles one after the other and
/// the storages behind them. Pickles are read as data: see ``PickleReader``.
public struct TorchCheckpoint: Sendable {
  /// The tensors, in the order of the dictionary.
  public let tensors: [SourceTensor]

  /// Opens a file.
  ///
  /// - Throws: `SourceError.system`, or `.unsupported` with the member, the opcode, the class or the numbers.
  public init(path: String) throws(SourceError) {
    let source = try MappedSource(path: path)
    if ZipArchive.recognises(source) {
      tensors = try Self.zipped(source)
    } else if Self.isLegacy(source) {
      tensors = try Self.legacy(source)
    } else {
      throw .unsupported(
        file: path, reason: "is no file of torch.save: neither a ZIP file nor its legacy format")
    }
  }

  /// Pickles begin with the opcode PROTO, here of protocol 2; the first is a number that says whose file it is.
  private static func isLegacy(_ source: MappedSource) -> Bool {
    unsafe source.withBytes(0..<14) { unsafe $0.elementsEqual([0x80, 0x02, 0x8A, 0x0A] + magic) }
  }

  private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

  private static func zipped(_ source: MappedSource) throws(SourceError) -> [SourceTensor] {
    let archive = try ZipArchive(source)
    func error(_ reason: String) -> SourceError { .unsupported(file: source.path, reason: reason) }
    let pickles = archive.members.keys.filter { $0.hasSuffix("/data.pkl") }
    guard pickles.count == 1, let pickle = archive.members[pickles[0]] else {
      throw error("has \(pickles.count) members data.pkl, not one")
    }
    let root = pickles[0].dropLast("data.pkl".count)
    if let order = archive.members["\(root)byteorder"] {
      let text = unsafe source.withBytes(order) { unsafe String(decoding: $0, as: UTF8.self) }
      guard text == "little" else { throw error("has the byte order \(text.prefix(16)), not little") }
    }
    var reader = PickleReader(ByteReader(source, pickle))
    let value = try reader.value()
    let dictionary = try StateDictionary(value, reader, source)
    return try dictionary.tensors { key, _ in archive.members["\(root)data/\(key)"] }
  }

  private static func legacy(_ source: MappedSource) throws(SourceError) -> [SourceTensor] {
    var reader = PickleReader(ByteReader(source, 0..<source.count))
    _ = try reader.value()
    guard try reader.value() == .integer(1001) else {
      throw reader.error("the legacy format's version is not 1001")
    }
    let system = try reader.value()
    if case .dictionary(let place) = system {
      for (key, value) in reader.dictionaries[place] where key == .text("little_endian") {
        guard value == .bool(true) else { throw reader.error("little_endian is not true") }
      }
    }
    let value = try reader.value()
    let dictionary = try StateDictionary(value, reader, source)
    guard case .list(let place) = try reader.value() else {
      throw reader.error("the storages' names are no list")
    }
    let keys = reader.lists[place]
    let sizes = dictionary.storages
    var ranges: [String: Range<Int>] = [:]
    var start = reader.place
    for key in keys {
      guard case .text(let name) = key, let storage = sizes[name] else {
        throw reader.error("a storage is not among the tensors'")
      }
      var header = ByteReader(source, start..<source.count)
      guard let count = header.next(Int64.self), count == storage.count else {
        throw reader.error(
          "storage \(name) has not the \(storage.count) elements that its tensors name", at: start)
      }
      let (size, overflow) = storage.count.multipliedReportingOverflow(by: storage.type.bits / 8)
      guard !overflow, size <= source.count - start - 8, ranges[name] == nil else {
        throw reader.error("storage \(name) of \(storage.count) elements is cut or there twice", at: start)
      }
      ranges[name] = start + 8..<start + 8 + size
      start += 8 + size
    }
    return try dictionary.tensors { key, _ in ranges[key] }
  }
}

/// The tensors of a dictionary, and the storages that they view.
private struct StateDictionary {
  struct Storage {
    let type: ElementType
    let count: Int
  }

  private var entries: [(name: String, tensor: PickledTensor, key: String)] = []
  private(set) var storages: [String: Storage] = [:]
  private let source: MappedSource

  init(_ value: PickleValue, _ reader: PickleReader, _ source: MappedSource) throws(SourceError) {
    self.source = source
    var value = value
    // Checkpoints of a training hold the model's dictionary beside other things.
    if case .dictionary(let place) = value,
      let inner = reader.dictionaries[place].first(where: { $0.key == .text("state_dict") })?.value
    {
      value = inner
    }
    guard case .dictionary(let place) = value else { throw reader.error("it holds no dictionary of tensors") }
    var names: Set<String> = []
    guard reader.dictionaries[place].count <= SourceLimits.tensors else {
      throw reader.error(
        "it has \(reader.dictionaries[place].count) tensors: at most \(SourceLimits.tensors) are read")
    }
    for (key, value) in reader.dictionaries[place] {
      guard case .text(let name) = key else { throw reader.error("a tensor's name is no text") }
      guard name.utf8.count <= SourceLimits.nameBytes else {
        throw reader.error(
          "a tensor's name has \(name.utf8.count) bytes: at most \(SourceLimits.nameBytes) are read")
      }
      guard case .tensor(let index) = value else { throw reader.error("\(name) is no tensor") }
      guard names.insert(name).inserted else { throw reader.error("\(name) is there twice") }
      let tensor = reader.tensors[index]
      entries.append((name, tensor, try add(reader.tuples[tensor.storage], reader, name)))
    }
  }

  /// `('storage', class, key, device, count)`, and in the legacy format a view, which is none today.
  private mutating func add(
    _ id: [PickleValue], _ reader: PickleReader, _ name: String
  ) throws(SourceError) -> String {
    guard id.count >= 5, id[0] == .text("storage"), case .name(let storage) = id[1],
      let type = ElementType(storage: storage), case .text(let key) = id[2], case .integer(let count) = id[4],
      count >= 0, id.count == 5 || id[5] == .none
    else { throw reader.error("the storage of \(name) is not described as one") }
    if let known = storages[key], known.type != type || known.count != count {
      throw reader.error("storage \(key) is described in two ways")
    }
    storages[key] = Storage(type: type, count: count)
    return key
  }

  /// The tensors in their places; `range` gives the bytes of a storage.
  func tensors(_ range: (String, Storage) -> Range<Int>?) throws(SourceError) -> [SourceTensor] {
    var tensors: [SourceTensor] = []
    for (name, tensor, key) in entries {
      guard let storage = storages[key], let bytes = range(key, storage) else {
        throw error(name, "has no storage \(key)")
      }
      tensors.append(try place(tensor, name, storage, in: bytes))
    }
    return tensors
  }

  private func place(
    _ tensor: PickledTensor, _ name: String, _ storage: Storage, in bytes: Range<Int>
  ) throws(SourceError) -> SourceTensor {
    let size = storage.type.bits / 8
    guard bytes.count == storage.count.multipliedReportingOverflow(by: size).partialValue,
      storage.count <= bytes.count
    else {
      throw error(name, "has a storage of \(bytes.count) bytes, not \(storage.count) elements of \(size)")
    }
    guard tensor.shape.count <= SourceLimits.dimensions else {
      throw error(
        name, "has \(tensor.shape.count) dimensions: at most \(SourceLimits.dimensions) are read")
    }
    var last = tensor.offset
    var count = 1
    for (length, stride) in zip(tensor.shape, tensor.strides) {
      let (product, tooLong) = max(1, length - 1).multipliedReportingOverflow(by: stride)
      let (sum, tooFar) = last.addingReportingOverflow(length > 1 ? product : 0)
      let (numbers, tooMany) = count.multipliedReportingOverflow(by: max(1, length))
      guard !tooLong, !tooFar, !tooMany else {
        throw error(name, "has shape \(tensor.shape), which overflows")
      }
      (last, count) = (sum, numbers)
    }
    let isEmpty = tensor.shape.contains(0)
    guard tensor.offset >= 0, isEmpty || last < storage.count else {
      throw error(name, "reaches element \(last) of a storage of \(storage.count)")
    }
    let start = bytes.lowerBound + (isEmpty ? 0 : tensor.offset * size)
    if isEmpty || Self.isContiguous(tensor) {
      let end = isEmpty ? start : start + count * size
      return SourceTensor(
        name: name, type: storage.type, shape: tensor.shape, source: source, bytes: start..<end)
    }
    guard tensor.shape.count == 2 else {
      throw error(
        name, "of shape \(tensor.shape) has steps \(tensor.strides): only matrices may be transposed")
    }
    guard Self.isDisjoint(tensor) else {
      throw error(
        name, "of shape \(tensor.shape) has steps \(tensor.strides): its rows and columns share elements")
    }
    return SourceTensor(
      name: name, type: storage.type, shape: tensor.shape, source: source,
      bytes: start..<bytes.lowerBound + (last + 1) * size,
      steps: (row: tensor.strides[0], column: tensor.strides[1]))
  }

  private static func isContiguous(_ tensor: PickledTensor) -> Bool {
    var expected = 1
    for (length, stride) in zip(tensor.shape, tensor.strides).reversed() {
      if length > 1 && stride != expected { return false }
      expected *= length
    }
    return true
  }

  /// Whether no element of a matrix is another one, too: else a small file could hold a matrix of any size.
  private static func isDisjoint(_ tensor: PickledTensor) -> Bool {
    let (near, far) = tensor.strides[0] < tensor.strides[1] ? (0, 1) : (1, 0)
    let (reach, overflow) = tensor.strides[near].multipliedReportingOverflow(by: tensor.shape[near])
    return (tensor.shape[near] == 1 || tensor.strides[near] > 0)
      && (tensor.shape[far] == 1 || (!overflow && tensor.strides[far] >= reach))
  }

  private func error(_ name: String, _ reason: String) -> SourceError {
    .unsupported(file: source.path, reason: "tensor \(name) \(reason)")
  }
}
