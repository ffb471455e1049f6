/// The most operations a second that an instruction set's products can reach on one core.
struct Peak: Measured {
  let instructionSet: String
  let instructions: String
  /// A multiplication and an addition of bytes count 2; nil where the processor lacks the instructions.
  let gigaoperationsPerSecond: Double?

  static let part = "peak"
  static let title = "The roof: multiplying in registers (a multiplication and an addition of bytes count 2)"
  static var columns: [Column<Self>] {
    [
      Column("instruction_set", "instruction set") { .text($0.instructionSet) },
      Column("instructions", "instructions") { .text($0.instructions) },
      Column("gigaoperations_per_second", "Gop/s") {
        $0.gigaoperationsPerSecond.map { .number($0, decimals: 0) } ?? .missing
      },
    ]
  }
}

/// The speed of reading a buffer of `workingSet` bytes again and again.
struct Bandwidth: Measured {
  let workingSet: Int
  let gigabytesPerSecond: Double

  static let part = "bandwidth"
  static let title = "The roof: reading memory again and again"
  static var columns: [Column<Self>] {
    [
      Column("working_set", "bytes") { .count($0.workingSet) },
      Column("gigabytes_per_second", "GB/s") { .number($0.gigabytesPerSecond, decimals: 1) },
    ]
  }
}
