/// A loop over registers alone of the instructions that an instruction set's products multiply with: what no kernel
/// of that set can be faster than.
///
/// Its sums are independent of each other and enough to hide the instructions' latency.
public struct MultiplyLoop: Sendable {
  /// The instructions, and how wide they are.
  public let instructions: StaticString
  /// Multiplications and additions of one round, each counted as 1.
  public let operationsPerRound: Int
  /// Runs so many rounds; returns something that depends on all of them.
  public let run: @Sendable (_ rounds: Int) -> Int32

  /// A loop.
  public init(
    instructions: StaticString, operationsPerRound: Int, run: @escaping @Sendable (_ rounds: Int) -> Int32
  ) {
    self.instructions = instructions
    self.operationsPerRound = operationsPerRound
    self.run = run
  }
}
