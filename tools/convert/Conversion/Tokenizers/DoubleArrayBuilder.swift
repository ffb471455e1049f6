/// Builds a trie in a double array, in the format of darts-clone (see `Sources/Tokenizers/DoubleArray.swift`).
///
/// Unlike darts-clone, it places nodes with many children first, wherever they fit, and fills the gaps with the many
/// that have one: hardly a unit stays empty.
///
/// - Complexity: About O(units) in practice: 60,000 pieces take well below a second.
struct DoubleArrayBuilder {
  /// Why keys make no double array.
  enum Failure: Error, Equatable {
    /// A key is empty or has a zero byte, which the format uses as the end.
    case badKey(Int)
    /// Two keys are the same.
    case duplicateKey(Int, Int)
    /// A value needs more than 31 bits.
    case badValue(Int)
    /// There are too many keys for the format's 21-bit offsets.
    case tooLarge(units: Int)
  }

  private struct Node {
    /// The bytes that lead on, in order; 0 is the end of a key.
    var labels: [UInt8] = []
    /// The children's places in `nodes`; for the end of a key, the value.
    var targets: [UInt32] = []
    /// The children are at `base ^ label`.
    var base: UInt32 = 0
  }

  /// An empty unit: marked as a leaf, so that no byte leads there.
  private static let empty: UInt32 = 1 << 31
  private static let block = 256

  private var nodes: [Node] = []
  /// By unit: whether it is taken; whether it is some node's base.
  private var taken: [Bool] = []
  private var isBase: [Bool] = []
  /// By block: how many units are free; how often a node with several children found no place.
  private var free: [Int] = []
  private var failures: [Int] = []
  /// By the bytes that lead on: the block where they last found a place. No earlier one can have a place again,
  /// since units and bases only ever get fewer.
  private var lastBlock: [[UInt8]: Int] = [:]
  private static let failureLimit = 32

  /// The units of the trie of `keys` with their `values`.
  static func build(_ keys: [[UInt8]], values: [UInt32]) throws(Failure) -> [UInt32] {
    var builder = DoubleArrayBuilder()
    try builder.makeTrie(keys, values)
    builder.place()
    return try builder.units()
  }

  private mutating func makeTrie(_ keys: [[UInt8]], _ values: [UInt32]) throws(Failure) {
    precondition(keys.count == values.count, "each key has a value")
    let order = keys.indices.sorted { keys[$0].lexicographicallyPrecedes(keys[$1]) }
    nodes = [Node()]
    var path: [Int] = [0]
    var previous: Int?
    for index in order {
      let key = keys[index]
      guard !key.isEmpty, !key.contains(0) else { throw .badKey(index) }
      guard values[index] < 1 << 31 else { throw .badValue(index) }
      var shared = 0
      if let previous {
        guard keys[previous] != key else { throw .duplicateKey(previous, index) }
        let last = keys[previous]
        while shared < last.count, shared < key.count, last[shared] == key[shared] { shared += 1 }
      }
      path.removeSubrange((shared + 1)...)
      for byte in key[shared...] {
        let parent = path[path.count - 1]
        nodes[parent].labels.append(byte)
        nodes[parent].targets.append(UInt32(nodes.count))
        path.append(nodes.count)
        nodes.append(Node())
      }
      // Sorted: the key's end comes before all that goes on from it.
      nodes[path[path.count - 1]].labels.append(0)
      nodes[path[path.count - 1]].targets.append(values[index])
      previous = index
    }
  }

  private mutating func place() {
    addBlock()
    // The root is unit 0; and no base is 0, so that no byte leads to it.
    take(0)
    isBase[0] = true
    var order = nodes.indices.filter { !nodes[$0].labels.isEmpty }
    // Stable, so that the result is the same everywhere.
    order.sort { (nodes[$1].labels.count, $0) < (nodes[$0].labels.count, $1) }
    for node in order {
      let base = findBase(nodes[node].labels)
      nodes[node].base = base
      isBase[Int(base)] = true
      for label in nodes[node].labels { take(Int(base) ^ Int(label)) }
    }
  }

  private mutating func findBase(_ labels: [UInt8]) -> UInt32 {
    var index = lastBlock[labels] ?? 0
    while true {
      if index == free.count { addBlock() }
      if free[index] >= labels.count, labels.count == 1 || failures[index] < Self.failureLimit {
        if let base = findBase(labels, inBlock: index) {
          lastBlock[labels] = index
          return base
        }
        failures[index] += 1
      }
      index += 1
    }
  }

  private func findBase(_ labels: [UInt8], inBlock index: Int) -> UInt32? {
    let start = index * Self.block
    for unit in start..<start + Self.block where !taken[unit] {
      let base = unit ^ Int(labels[0])
      if isBase[base] { continue }
      if labels.allSatisfy({ !taken[base ^ Int($0)] }) { return UInt32(base) }
    }
    return nil
  }

  private mutating func take(_ unit: Int) {
    taken[unit] = true
    free[unit / Self.block] -= 1
  }

  private mutating func addBlock() {
    taken += [Bool](repeating: false, count: Self.block)
    isBase += [Bool](repeating: false, count: Self.block)
    free.append(Self.block)
    failures.append(0)
  }

  private func units() throws(Failure) -> [UInt32] {
    var units = [UInt32](repeating: Self.empty, count: taken.count)
    var places = [Int](repeating: 0, count: nodes.count)
    // A parent comes before its children in `nodes`, so its place is known.
    for (index, node) in nodes.enumerated() {
      let place = places[index]
      let endsKey: UInt32 = node.labels.first == 0 ? 1 << 8 : 0
      let label = index == 0 ? 0 : units[place] & 0xFF
      units[place] = label | endsKey | (try offset(UInt32(place) ^ node.base))
      for (label, target) in zip(node.labels, node.targets) {
        let child = Int(node.base) ^ Int(label)
        if label == 0 {
          units[child] = target | 1 << 31
        } else {
          units[child] = UInt32(label)
          places[Int(target)] = child
        }
      }
    }
    // A walk that leaves the array ends there: empty units at its end can go. (A leaf of value 0 looks like one.)
    let last = taken.lastIndex(of: true) ?? 0
    units.removeSubrange((last + 1)...)
    return units
  }

  private func offset(_ distance: UInt32) throws(Failure) -> UInt32 {
    if distance < 1 << 21 { return distance << 10 }
    guard distance & 0xFF == 0, distance < 1 << 29 else { throw .tooLarge(units: taken.count) }
    return distance << 2 | 1 << 9
  }
}
