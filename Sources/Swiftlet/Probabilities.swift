import SwiftletKernels
import SwiftletKernelsPlain
import SwiftletModelFile
import SwiftletPlatform

/// How a head's scores become probabilities.
public enum ScoreFunction: Sendable {
  /// One of all: they sum up to 1.
  case softmax
  /// Each by itself: 1 / (1 + e⁻ˣ).
  case sigmoid
  /// Not at all: they are the result.
  case none

  /// As transformers' pipelines choose it: by the problem's type, or by the count of classes.
  public init(_ file: borrowing ModelFile) {
    self = file.architecture.head.classes == 1 ? .sigmoid : .softmax
    guard let problem = unsafe file.metadata.value("problem-type"), let first = unsafe problem.first else {
      return
    }
    switch first {
    case UInt8(ascii: "r"): self = .none  // regression
    case UInt8(ascii: "m"): self = .sigmoid  // multi_label_classification
    default: self = .softmax  // single_label_classification
    }
  }
}

/// The largest of some scores, with their probabilities. The same bits on every processor: exponentials and logarithms
/// are the kernels' own.
public struct TopScores {
  /// The most that are kept.
  public static let most = 64
  /// How many there are.
  public private(set) var count = 0
  private var ids = InlineArray<64, UInt32>(repeating: 0)
  private var values = InlineArray<64, Float>(repeating: 0)

  /// The `most` largest of `scores`, the largest first; of equals the first.
  ///
  /// - Complexity: O(scores + those that are among the largest so far · `most`).
  @inline(never)
  public init(_ scores: Span<Float>, most: Int, _ function: ScoreFunction, _ kernels: KernelSet) {
    let most = min(most, Self.most)
    for index in 0..<scores.count {
      let value = scores[index]
      // A NaN is no score.
      guard value == value, count < most || value > values[most - 1] else { continue }
      insert(UInt32(truncatingIfNeeded: index), value, most)
    }
    guard count > 0 else { return }
    let likeliest = unsafe scores.withUnsafeBufferPointer { scores in
      unsafe scores.baseAddress.map { unsafe kernels.likeliest($0, scores.count) }
    }
    let logSum = 0 - (likeliest?.logProbability ?? 0)
    let largest = values[0]
    for index in 0..<count {
      switch function {
      case .softmax: values[index] = exponential(of: values[index] - largest - logSum)
      case .sigmoid: values[index] = 1 / (1 + exponential(of: 0 - values[index]))
      case .none: break
      }
    }
  }

  private mutating func insert(_ id: UInt32, _ value: Float, _ most: Int) {
    if count < most { count += 1 }
    var place = count - 1
    while place > 0, values[place - 1] < value {
      values[place] = values[place - 1]
      ids[place] = ids[place - 1]
      place -= 1
    }
    values[place] = value
    ids[place] = id
  }

  /// The class or token of a rank, which is below `count`.
  public func id(_ rank: Int) -> UInt32 { ids[rank] }

  /// Its probability, or without a function its score.
  public func probability(_ rank: Int) -> Float { values[rank] }

  /// The ids and probabilities of all, for a digest.
  public func update(_ digest: inout Digest) {
    digest.update(ids.span.extracting(0..<count), values.span.extracting(0..<count))
  }
}

/// eˣ by the kernels' own polynomial.
func exponential(of x: Float) -> Float { exponential(SIMD16<Float>(repeating: x))[0] }
