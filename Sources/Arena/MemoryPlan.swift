import SwiftletPlatform

/// The stages of a run. Buffers that are never in use in the same phase share bytes.
///
/// Not an `OptionSet`: its literals are arrays, which allocate.
public struct Phases: Equatable, Sendable {
  /// One bit for each phase.
  public let rawValue: UInt8
  /// A set of phases from its bits.
  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// No phase.
  @inlinable
  public static var none: Phases { Phases(rawValue: 0) }
  /// From text to token ids.
  @inlinable
  public static var tokenize: Phases { Phases(rawValue: 1) }
  /// The encoder, and the keys and values that the decoder takes from it.
  @inlinable
  public static var encode: Phases { Phases(rawValue: 2) }
  /// The decoder, token by token.
  @inlinable
  public static var decode: Phases { Phases(rawValue: 4) }
  /// From token ids to text.
  @inlinable
  public static var detokenize: Phases { Phases(rawValue: 8) }
  /// The whole run.
  @inlinable
  public static var all: Phases { .tokenize | .encode | .decode | .detokenize }

  /// The phases of both.
  @inlinable
  public static func | (one: Phases, other: Phases) -> Phases {
    Phases(rawValue: one.rawValue | other.rawValue)
  }

  /// Whether no phase is in both.
  @inlinable
  public func isDisjoint(with other: Phases) -> Bool { rawValue & other.rawValue == 0 }
}

/// A place in a plan, for `count` elements.
public struct PlannedBuffer<Element: BitwiseCopyable>: Sendable {
  @usableFromInline let index: Int
  /// The count of elements.
  public let count: Int
}

/// What an arena will hold, laid out before anything runs.
///
/// Parts are added in any order; `place()` then gives each an offset. Parts that have no phase in common may
/// overlap. The code that lays out the arena is the code that prints the plan, so they can't disagree.
public struct MemoryPlan: Sendable {
  /// The alignment of every part in bytes: a cache line, and the widest vector register.
  public static let alignment = 64
  /// The most parts that a plan holds.
  public static let maximumParts = 64

  /// A named part of the arena.
  public struct Part: Sendable {
    /// What it is for.
    public let name: StaticText
    /// Its size in bytes, a multiple of the alignment.
    public let size: Int
    /// When it is in use.
    public let phases: Phases
    /// The limit that its size follows.
    public let limit: MemoryLimit
    /// Where it begins, in bytes from the start of the arena.
    public internal(set) var offset = 0
  }

  /// How many parts there are.
  public private(set) var count = 0
  /// The size of the arena in bytes; known after `place()`.
  public private(set) var size = 0
  private var parts: InlineArray<64, Part>
  /// The bytes of all parts, whether or not they share some.
  private var partsTotal = 0

  /// An empty plan.
  public init() {
    parts = InlineArray(repeating: Part(name: "", size: 0, phases: .none, limit: .model))
  }

  /// The part at `index`, in the order of adding.
  public subscript(index: Int) -> Part { parts[index] }

  /// Adds a part of `count` × `times` elements; one without elements is no part.
  ///
  /// - Throws: `ArenaError` when the size overflows or a count is negative, or the plan is full.
  public mutating func add<Element: BitwiseCopyable>(
    _ name: StaticText, _: Element.Type, count: Int, times: Int = 1, phases: Phases, limit: MemoryLimit
  ) throws(ArenaError) -> PlannedBuffer<Element> {
    let (index, elements) = try add(
      name, stride: MemoryLayout<Element>.stride, count: count, times: times, phases: phases, limit: limit)
    return PlannedBuffer(index: index, count: elements)
  }

  /// Adds a part of `count` × `times` elements of `stride` bytes; returns its index and their count. The same code for all types.
  @inline(never)
  private mutating func add(
    _ name: StaticText, stride: Int, count: Int, times: Int, phases: Phases, limit: MemoryLimit
  ) throws(ArenaError) -> (index: Int, count: Int) {
    let (elements, overflow1) = count.multipliedReportingOverflow(by: times)
    let (bytes, overflow2) = elements.multipliedReportingOverflow(by: stride)
    // All parts together, one after the other: then no offset overflows either.
    let most = Int.max / 2 - Self.alignment - partsTotal
    guard count >= 0, times >= 0, !overflow1, !overflow2, bytes <= most else { throw .overflow(part: name) }
    guard bytes > 0 else { return (0, 0) }
    guard self.count < Self.maximumParts else { throw .tooManyParts(limit: Self.maximumParts) }
    let size = (bytes + Self.alignment - 1) & -Self.alignment
    partsTotal += size
    parts[self.count] = Part(name: name, size: size, phases: phases, limit: limit)
    self.count += 1
    return (self.count - 1, elements)
  }

  /// Gives every part its offset: the largest first, each at the lowest place where it touches no part that is
  /// in use at the same time. (Greedy by size, as TensorFlow Lite Micro plans; the best layout is NP-hard.)
  ///
  /// - Complexity: O(n³) for n parts, n ≤ 64.
  public mutating func place() {
    var placed: UInt64 = 0
    size = 0
    for _ in 0..<count {
      var largest = -1
      for index in 0..<count where placed & (1 << UInt64(index)) == 0 {
        if largest < 0 || parts[index].size > parts[largest].size { largest = index }
      }
      parts[largest].offset = lowestFreeOffset(for: parts[largest], beside: placed)
      placed |= 1 << UInt64(largest)
      size = max(size, parts[largest].offset + parts[largest].size)
    }
  }

  /// The limit whose parts take most of the arena.
  public var heaviestLimit: MemoryLimit {
    var sizes = InlineArray<6, Int>(repeating: 0)
    for index in 0..<count { sizes[parts[index].limit.rawValue] += parts[index].size }
    var heaviest = MemoryLimit.model
    var most = 0
    // The model's own size can't be lowered.
    for limit in 1..<6 where sizes[limit] > most {
      heaviest = MemoryLimit(rawValue: limit) ?? .model
      most = sizes[limit]
    }
    return heaviest
  }

  private func lowestFreeOffset(for part: Part, beside placed: UInt64) -> Int {
    var offset = 0
    var moved = true
    while moved {
      moved = false
      for index in 0..<count where placed & (1 << UInt64(index)) != 0 {
        let other = parts[index]
        let together = !other.phases.isDisjoint(with: part.phases)
        if together && offset < other.offset + other.size && other.offset < offset + part.size {
          offset = other.offset + other.size
          moved = true
        }
      }
    }
    return offset
  }
}
