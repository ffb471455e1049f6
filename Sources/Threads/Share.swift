/// One thread's part of some work: number `index` of `count` equal parts.
public struct Share: BitwiseCopyable, Sendable {
  /// Which part: 0 is the caller's.
  public let index: Int
  /// How many parts there are.
  public let count: Int

  /// Part `index` of `count`.
  @inlinable
  public init(_ index: Int, of count: Int) {
    self.index = index
    self.count = count
  }

  /// Which of `items` are this part's: whole groups of `grain`, the last group of all perhaps incomplete.
  ///
  /// The ranges of all shares are disjoint and cover `0..<items` in order. Their sizes differ by one group at
  /// most; the first shares get what doesn't divide, because the caller begins first. Groups never depend on
  /// `count`: whatever is computed group by group is the same for any number of threads.
  ///
  /// - Parameters:
  ///   - items: Zero or more.
  ///   - grain: One or more.
  @inlinable
  public func range(of items: Int, grain: Int = 1) -> Range<Int> {
    // Neither products nor sums exceed `items`.
    let groups = items / grain + (items % grain == 0 ? 0 : 1)
    let (each, rest) = (groups / count, groups % count)
    let first = index * each + min(index, rest)
    let end = first + each + (index < rest ? 1 : 0)
    return (first == groups ? items : first * grain)..<(end == groups ? items : end * grain)
  }
}
