/// A value of a pickle. Collections are places in the reader's tables: so that a value never owns another, and
/// nothing recurses, however deep a file nests them.
enum PickleValue: Equatable {
  case none
  case bool(Bool)
  case integer(Int)
  /// An integer of more than 64 bits: two's complement, lowest byte first.
  case wide([UInt8])
  case number(Double)
  case text(String)
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  /// A class or function that the file names, as `module name`.
  case name(String)
  /// What a call of one of the known names gives.
  case tensor(Int)
  /// A persistent id: a storage, of which the tuple tells.
  case storage(Int)
  /// The begin of a collection's elements on the stack.
  case mark
}

/// A tensor as a pickle describes it: a view of a storage.
struct PickledTensor: Equatable {
  /// The place of the storage's tuple.
  let storage: Int
  /// The first element.
  let offset: Int
  let shape: [Int]
  /// Steps between neighbours of each dimension, in elements.
  let strides: [Int]
}
