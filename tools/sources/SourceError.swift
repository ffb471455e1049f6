import Foundation

/// Why a source could not be read: a file, its format, or what it says.
///
/// Every case describes itself in one line that begins with the file.
public enum SourceError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The system refused a file.
  case system(SystemError)
  /// A file is not the JSON that it should be.
  case json(file: String, JSONError)
  /// A safetensors file, or a directory of them, breaks the rules of its format.
  case safetensors(SafetensorsError)
  /// A configuration lacks a value, contradicts itself, or asks for what no runtime here can do.
  case configuration(ConfigurationError)
  /// The tensors are not those of the model family.
  case tensors(TensorError)
  /// A file holds what nothing here would honour, or breaks a rule of its format.
  case unsupported(file: String, reason: String)
  /// A file became another one, or got other bytes, while its tensors were read.
  case changed(file: String)

  /// One line: the file, the place and the numbers.
  public var description: String {
    switch self {
    case .system(let error): error.description
    case .json(let file, let error): "\(file): \(error)".oneLine
    case .safetensors(let error): error.description
    case .configuration(let error): error.description
    case .tensors(let error): error.description
    case .unsupported(let file, let reason): "\(file): \(reason)".oneLine
    case .changed(let file): "\(file): it was changed while it was read".oneLine
    }
  }
}

extension SourceError: LocalizedError {
  /// The same line, for code that only knows `Error`.
  public var errorDescription: String? { description }
}

/// A system call on a file failed.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was tried.
  public enum Operation: String, Sendable {
    /// Opening the file for reading.
    case open
    /// Asking for its size and kind.
    case inspect
    /// Mapping it into memory.
    case map
  }

  /// The file.
  public let path: String
  /// What was tried.
  public let operation: Operation
  /// The system's error number.
  public let code: Int32

  /// An error with the value of `errno` right after the call.
  public init(path: String, operation: Operation, code: Int32) {
    self.path = path
    self.operation = operation
    self.code = code
  }

  /// One line with the system's own words for the reason.
  public var description: String {
    unsafe "\(path): cannot \(operation.rawValue): \(String(cString: strerror(code)).lowercasedFirst)".oneLine
  }
}

extension String {
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
