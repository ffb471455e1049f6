import SwiftletRoof

/// How fast one core multiplies bytes: what products of many tokens can't be faster than.
enum MultiplyRoof {
  /// Measures each instruction set of this kind of processor.
  static func measure(repeats: Int) -> [Peak] {
    MultiplyLoop.instructionSets.map { name in
      let instructions = MultiplyLoop.loop(of: name).map { "\($0.instructions)" }
      return Peak(
        instructionSet: name, instructions: instructions ?? "not on this processor",
        gigaoperationsPerSecond: speed(of: name, repeats: repeats))
    }
  }

  /// Gop/s of an instruction set; nil if there is no loop for it, or this processor lacks it.
  static func speed(of instructionSet: String, repeats: Int) -> Double? {
    guard let loop = MultiplyLoop.loop(of: instructionSet) else { return nil }
    let rounds = 4096
    // The clock goes to what wide registers allow, which takes less than this.
    for _ in 0..<200 { _ = loop.run(rounds) }
    let time = medianSeconds(repeats: repeats) { _ = loop.run(rounds) }
    return Double(rounds * loop.operationsPerRound) / time / 1e9
  }
}
