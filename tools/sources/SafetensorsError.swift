/// Which rule of the safetensors format a file or a directory breaks.
public struct SafetensorsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The broken rule. Offsets are bytes within the data, which follows the header, unless it says otherwise.
  public enum Problem: Equatable, Sendable {
    /// The file has no room for the 8 bytes that hold the header's length.
    case tooShort(bytes: Int)
    /// The header's length is beyond the format's cap of 100,000,000 bytes.
    case headerTooLong(bytes: UInt64)
    /// The header ends behind the end of the file.
    case headerBeyondFile(bytes: UInt64, available: Int)
    /// The header doesn't begin with `{`.
    case headerNotObject(firstByte: UInt8?)
    /// The header is not strict JSON. The offset is within the header.
    case header(JSONError)
    /// The header has more entries than are read.
    case tooManyTensors(Int, limit: Int)
    /// `__metadata__` must map text to text.
    case metadata(key: String)
    /// The entry of a tensor is malformed: what is wrong with it.
    case entry(tensor: String, reason: String)
    /// The entry names a type that the format doesn't have.
    case unknownType(tensor: String, type: String)
    /// The number of elements or of bytes is beyond 2⁶³.
    case shapeOverflow(tensor: String, shape: [Int])
    /// The offsets lie outside of the data, or end before they begin.
    case offsets(tensor: String, begin: Int, end: Int, available: Int)
    /// The shape needs another count of bytes than the offsets give.
    case size(tensor: String, shape: [Int], type: ElementType, expected: Int, found: Int)
    /// Two tensors share bytes.
    case overlap(tensor: String, with: String, at: Int)
    /// Bytes that belong to no tensor.
    case hole(from: Int, to: Int, before: String?)
    /// An index names a shard that is not a plain file name.
    case shardName(String)
    /// An index is malformed.
    case index(reason: String)
    /// The index says that a tensor is in this shard, but it isn't.
    case missingFromShard(tensor: String, shard: String)
    /// A shard holds a tensor of which the index knows nothing, or that it places elsewhere.
    case notInIndex(tensor: String, shard: String)
    /// There is nothing to read, or both forms at once.
    case directory(reason: String)
  }

  /// The file or directory.
  public let file: String
  /// The broken rule.
  public let problem: Problem

  /// An error about a file.
  public init(file: String, problem: Problem) {
    self.file = file
    self.problem = problem
  }

  /// One line: the file, the tensor, the numbers.
  public var description: String { "\(file): \(problem)".oneLine }
}

extension SafetensorsError.Problem: CustomStringConvertible {
  /// What is wrong, without the file.
  public var description: String {
    switch self {
    case .tooShort(let bytes): "\(bytes) bytes is too short for a safetensors file (at least 8 bytes)"
    case .headerTooLong(let bytes):
      "the header claims \(bytes) bytes: at most \(SourceLimits.jsonBytes) are allowed"
    case .headerBeyondFile(let bytes, let available):
      "the header claims \(bytes) bytes, but the file has \(available) after its first 8"
    case .headerNotObject(nil): "the header is empty"
    case .headerNotObject(let byte?):
      "the header begins with byte 0x\(String(byte, radix: 16)), not with '{': is this a safetensors file?"
    case .header(let error): "header: \(error)"
    case .tooManyTensors(let count, let limit): "the header has \(count) entries: at most \(limit) are read"
    case .metadata(let key): "__metadata__: the value of \"\(key)\" is not text"
    case .entry(let tensor, let reason): "tensor \(tensor): \(reason)"
    case .unknownType(let tensor, let type): "tensor \(tensor): unknown dtype \"\(type)\""
    case .shapeOverflow(let tensor, let shape): "tensor \(tensor): the size of shape \(shape) overflows"
    case .offsets(let tensor, let begin, let end, let available):
      "tensor \(tensor): data_offsets [\(begin), \(end)] don't fit \(available) bytes of data"
    case .size(let tensor, let shape, let type, let expected, let found):
      "tensor \(tensor): \(type.rawValue) \(shape) takes \(expected) bytes, but data_offsets give \(found)"
    case .overlap(let tensor, let other, let place):
      "tensor \(tensor): begins at byte \(place) of the data, inside tensor \(other)"
    case .hole(let start, let end, let tensor):
      "bytes \(start) to \(end) of the data belong to no tensor" + (tensor.map { " (before \($0))" } ?? "")
    case .shardName(let name): "weight_map: \"\(name)\" is not a plain file name"
    case .index(let reason): reason
    case .missingFromShard(let tensor, let shard):
      "tensor \(tensor) is not in \(shard), where the index has it"
    case .notInIndex(let tensor, let shard):
      "\(shard) holds tensor \(tensor), which the index doesn't place there"
    case .directory(let reason): reason
    }
  }
}
