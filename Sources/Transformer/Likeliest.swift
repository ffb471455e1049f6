import SwiftletArena
import SwiftletKernels
import SwiftletModelFile
import SwiftletThreads

extension Workspace {
  /// Finds the likeliest next token of each of the rows that the step scored: see `choice`.
  public mutating func chooseLikeliest(_ model: borrowing Model) {
    unsafe withUnsafePointer(to: kernels) { kernels in
      unsafe threads.share(
        LikeliestChoices(
          kernels: kernels, logits: logits.pointer, stride: model.output.outputStride,
          vocabulary: model.architecture.targetVocabulary, count: scoredCount, choices: choices.pointer))
    }
  }

  /// The likeliest next token of one of the rows that the step scored and its log-probability, after `chooseLikeliest`.
  public func choice(row: Int = 0) -> Choice {
    precondition(row >= 0 && row < scoredCount, "the step scored `scoredCount` rows")
    return unsafe choices.pointer[row]
  }
}

/// Rows of logits: each thread takes some.
@safe private struct LikeliestChoices: SizedWork {
  let kernels: UnsafePointer<KernelSet>
  let logits: UnsafePointer<Float>
  let stride: Int
  let vocabulary: Int
  let count: Int
  let choices: UnsafeMutablePointer<Choice>

  // One row alone can't be shared.
  var size: Int { count == 1 ? 0 : count &* vocabulary &* 4 }

  func run(_ share: Share) {
    for row in share.range(of: count) {
      unsafe choices[row] = kernels.pointee.likeliest(logits + row * stride, vocabulary)
    }
  }

  static var entry: SharedEntry { { unsafe $0.load(as: Self.self).run(Share($1, of: $2)) } }
}
