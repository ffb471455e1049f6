/// Reads a pickle as data. Nothing in it is executed: of all that a pickle can name, only what tensors are made of is
/// known here, and anything else is refused by its name.
///
/// Protocols 2 to 5, as far as `torch.save` uses them.
struct PickleReader {
  private(set) var tuples: [[PickleValue]] = []
  private(set) var lists: [[PickleValue]] = []
  private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  private(set) var tensors: [PickledTensor] = []
  private var stack: [PickleValue] = []
  private var memo: [Int: PickleValue] = [:]
  private var bytes: ByteReader
  /// Collections and tensors so far, and what is in them.
  private var count = 0

  init(_ bytes: ByteReader) { self.bytes = bytes }

  /// Where the next byte lies in the file: behind a pickle that was read, the next one may begin.
  var place: Int { bytes.place }

  /// Reads one pickle.
  mutating func value() throws(SourceError) -> PickleValue {
    stack = []
    memo = [:]
    let first = bytes.place
    while true {
      let start = bytes.place
      try check(from: first, to: start)
      guard let code = bytes.next(UInt8.self) else { throw error("it ends without a STOP") }
      if code == 0x2E { return try pop(start) }  // STOP
      if try constant(code, start) { continue }
      if try memory(code, start) { continue }
      if try collection(code, start) { continue }
      if try named(code, start) { continue }
      throw error("opcode 0x\(String(code, radix: 16)) is not one that tensors need", at: start)
    }
  }

  /// Whether what was read so far is within limits. An opcode adds one value at most, or a text that is in the file.
  private func check(from first: Int, to place: Int) throws(SourceError) {
    guard place - first <= SourceLimits.pickleBytes else {
      throw error("it is longer than \(SourceLimits.pickleBytes) bytes", at: place)
    }
    guard stack.count <= SourceLimits.pickleStack else {
      throw error("its stack has more than \(SourceLimits.pickleStack) values", at: place)
    }
    guard memo.count <= SourceLimits.pickleStack else {
      throw error("it remembers more than \(SourceLimits.pickleStack) values", at: place)
    }
    guard count <= SourceLimits.pickleValues else {
      throw error("its collections have more than \(SourceLimits.pickleValues) values", at: place)
    }
  }

  func tuple(_ value: PickleValue) -> [PickleValue]? {
    if case .tuple(let place) = value { return tuples[place] }
    return nil
  }

  func error(_ reason: String, at place: Int? = nil) -> SourceError {
    let place = place.map { ", at byte \($0)" } ?? ""
    return .unsupported(file: bytes.source.path, reason: "pickle: \(reason)\(place)")
  }
}

/// Constants.
extension PickleReader {
  private mutating func constant(_ code: UInt8, _ start: Int) throws(SourceError) -> Bool {
    switch code {
    case 0x80: _ = try number(UInt8.self, start)  // PROTO
    case 0x95: _ = try number(UInt64.self, start)  // FRAME
    case 0x4E: stack.append(.none)  // NONE
    case 0x88: stack.append(.bool(true))  // NEWTRUE
    case 0x89: stack.append(.bool(false))  // NEWFALSE
    case 0x4A: stack.append(.integer(Int(try number(Int32.self, start))))  // BININT
    case 0x4B: stack.append(.integer(Int(try number(UInt8.self, start))))  // BININT1
    case 0x4D: stack.append(.integer(Int(try number(UInt16.self, start))))  // BININT2
    case 0x8A: try long(Int(try number(UInt8.self, start)), start)  // LONG1
    case 0x47:  // BINFLOAT, the one big-endian number
      stack.append(.number(Double(bitPattern: UInt64(bigEndian: try number(UInt64.self, start)))))
    case 0x58: try text(Int(try number(UInt32.self, start)), start)  // BINUNICODE
    case 0x8C, 0x55: try text(Int(try number(UInt8.self, start)), start)  // SHORT_BINUNICODE, SHORT_BINSTRING
    case 0x54: try text(Int(try number(UInt32.self, start)), start)  // BINSTRING
    default: return false
    }
    return true
  }

  private mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type, _ start: Int
  ) throws(SourceError) -> Number {
    guard let number = bytes.next(type) else { throw error("it ends within an opcode", at: start) }
    return number
  }

  private mutating func text(_ length: Int, _ start: Int) throws(SourceError) {
    guard let text = bytes.text(length) else {
      throw error("a text of \(length) bytes is cut or no UTF-8", at: start)
    }
    stack.append(.text(text))
  }

  private mutating func long(_ length: Int, _ start: Int) throws(SourceError) {
    guard let digits = bytes.bytes(length) else { throw error("it ends within a number", at: start) }
    guard length <= 8 else { return stack.append(.wide(digits)) }
    var value: UInt64 = (digits.last ?? 0) & 0x80 != 0 ? .max : 0
    for digit in digits.reversed() { value = value << 8 | UInt64(digit) }
    stack.append(.integer(Int(Int64(bitPattern: value))))
  }
}

/// The memo: values that are referred to again.
extension PickleReader {
  private mutating func memory(_ code: UInt8, _ start: Int) throws(SourceError) -> Bool {
    switch code {
    case 0x71: memo[Int(try number(UInt8.self, start))] = try top(start)  // BINPUT
    case 0x72: memo[Int(try number(UInt32.self, start))] = try top(start)  // LONG_BINPUT
    case 0x94: memo[memo.count] = try top(start)  // MEMOIZE
    case 0x68: try recall(Int(try number(UInt8.self, start)), start)  // BINGET
    case 0x6A: try recall(Int(try number(UInt32.self, start)), start)  // LONG_BINGET
    default: return false
    }
    return true
  }

  private mutating func recall(_ key: Int, _ start: Int) throws(SourceError) {
    guard let value = memo[key] else { throw error("nothing was remembered as \(key)", at: start) }
    stack.append(value)
  }

  private func top(_ start: Int) throws(SourceError) -> PickleValue {
    guard let value = stack.last, value != .mark else { throw error("the stack is empty", at: start) }
    return value
  }

  private mutating func pop(_ start: Int) throws(SourceError) -> PickleValue {
    let value = try top(start)
    stack.removeLast()
    return value
  }
}

/// Tuples, lists, dictionaries.
extension PickleReader {
  private mutating func collection(_ code: UInt8, _ start: Int) throws(SourceError) -> Bool {
    switch code {
    case 0x28: stack.append(.mark)  // MARK
    case 0x29: push(tuple: [])  // EMPTY_TUPLE
    case 0x5D: pushList()  // EMPTY_LIST
    case 0x7D: pushDictionary([])  // EMPTY_DICT
    case 0x85, 0x86, 0x87: push(tuple: try pop(Int(code) - 0x84, start))  // TUPLE1, 2, 3
    case 0x74: push(tuple: try popToMark(start))  // TUPLE
    case 0x61: try append([try pop(start)], start)  // APPEND
    case 0x65: try append(try popToMark(start), start)  // APPENDS
    case 0x73: try set(try pop(2, start), start)  // SETITEM
    case 0x75: try set(try popToMark(start), start)  // SETITEMS
    case 0x62: try build(start)  // BUILD
    default: return false
    }
    return true
  }

  private mutating func push(tuple: [PickleValue]) {
    count += 1 + tuple.count
    stack.append(.tuple(tuples.count))
    tuples.append(tuple)
  }

  private mutating func pushList() {
    count += 1
    stack.append(.list(lists.count))
    lists.append([])
  }

  private mutating func pushDictionary(_ members: [(key: PickleValue, value: PickleValue)]) {
    count += 1
    stack.append(.dictionary(dictionaries.count))
    dictionaries.append(members)
  }

  private mutating func pop(_ count: Int, _ start: Int) throws(SourceError) -> [PickleValue] {
    var values: [PickleValue] = []
    for _ in 0..<count { values.append(try pop(start)) }
    return values.reversed()
  }

  private mutating func popToMark(_ start: Int) throws(SourceError) -> [PickleValue] {
    guard let mark = stack.lastIndex(of: .mark) else {
      throw error("there is no mark on the stack", at: start)
    }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[(mark + 1)...])
  }

  private mutating func append(_ values: [PickleValue], _ start: Int) throws(SourceError) {
    guard case .list(let place) = try top(start) else {
      throw error("it appends to what is no list", at: start)
    }
    count += values.count
    lists[place] += values
  }

  private mutating func set(_ values: [PickleValue], _ start: Int) throws(SourceError) {
    guard case .dictionary(let place) = try top(start), values.count % 2 == 0 else {
      throw error("it sets items of what is no dictionary", at: start)
    }
    count += values.count
    for index in stride(from: 0, to: values.count, by: 2) {
      dictionaries[place].append((values[index], values[index + 1]))
    }
  }

  /// Attributes of a dictionary, such as `_metadata` with the versions of modules, are no tensors.
  private mutating func build(_ start: Int) throws(SourceError) {
    _ = try pop(start)
    guard case .dictionary = try top(start) else {
      throw error("it sets attributes of what is no dictionary", at: start)
    }
  }
}

/// Names, and calls of the few that are known.
extension PickleReader {
  private mutating func named(_ code: UInt8, _ start: Int) throws(SourceError) -> Bool {
    switch code {
    case 0x63:  // GLOBAL
      guard let module = bytes.line(), let name = bytes.line() else {
        throw error("a name is cut or has more than \(SourceLimits.pickleLine) bytes", at: start)
      }
      try push(name: "\(module).\(name)", start)
    case 0x93:  // STACK_GLOBAL
      let names = try pop(2, start)
      guard case .text(let module) = names[0], case .text(let name) = names[1] else {
        throw error("a name is no text", at: start)
      }
      try push(name: "\(module).\(name)", start)
    case 0x51:  // BINPERSID
      guard case .tuple(let place) = try pop(start) else {
        throw error("a persistent id is no tuple", at: start)
      }
      stack.append(.storage(place))
    case 0x52: try call(start)  // REDUCE
    default: return false
    }
    return true
  }

  private mutating func push(name: String, _ start: Int) throws(SourceError) {
    guard Self.known.contains(name) || ElementType(storage: name) != nil else {
      throw error("it names \(name): only what tensors need is read, and nothing is executed", at: start)
    }
    stack.append(.name(name))
  }

  private static let known: Set<String> = [
    "collections.OrderedDict", "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2",
    "torch._utils._rebuild_parameter",
  ]

  private mutating func call(_ start: Int) throws(SourceError) {
    let call = try pop(2, start)
    guard case .name(let name) = call[0], let arguments = tuple(call[1]) else {
      throw error("it calls what has no name", at: start)
    }
    switch (name, arguments.count) {
    case ("collections.OrderedDict", 0): pushDictionary([])
    case ("torch._utils._rebuild_tensor", 4...), ("torch._utils._rebuild_tensor_v2", 4...):
      guard case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
        let shape = integers(arguments[2]), let strides = integers(arguments[3]), shape.count == strides.count
      else { throw error("the arguments of \(name) are not those of a tensor", at: start) }
      count += 1 + shape.count
      stack.append(.tensor(tensors.count))
      tensors.append(PickledTensor(storage: storage, offset: offset, shape: shape, strides: strides))
    case ("torch._utils._rebuild_parameter", 1...):
      guard case .tensor = arguments[0] else {
        throw error("the argument of \(name) is no tensor", at: start)
      }
      stack.append(arguments[0])
    default: throw error("it calls \(name) with \(arguments.count) arguments", at: start)
    }
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard let values = tuple(value) else { return nil }
    var integers: [Int] = []
    for value in values {
      guard case .integer(let integer) = value, integer >= 0 else { return nil }
      integers.append(integer)
    }
    return integers
  }
}

extension ElementType {
  /// The type of a storage's class: `torch.FloatStorage`.
  init?(storage name: String) {
    let types: [String: ElementType] = [
      "torch.DoubleStorage": .f64, "torch.FloatStorage": .f32, "torch.HalfStorage": .f16,
      "torch.BFloat16Storage": .bf16, "torch.LongStorage": .i64, "torch.IntStorage": .i32,
      "torch.ShortStorage": .i16, "torch.CharStorage": .i8, "torch.ByteStorage": .u8,
      "torch.BoolStorage": .bool,
    ]
    guard let type = types[name] else { return nil }
    self = type
  }
}
