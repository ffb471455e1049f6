import SwiftletKernelsPlain

/// A length to the power of the penalty: what a log-probability is divided by to be a score (transformers, CTranslate2).
///
/// The same bits on every processor: e^(penalty · ln length), and exact for penalties 0 and 1.
@inline(never)
func penalizedLength(_ length: Int, _ penalty: Float) -> Float {
  if penalty == 1 { return Float(length) }
  if penalty == 0 { return 1 }
  return exponential(SIMD16<Float>(repeating: penalty * naturalLogarithm(Float(length))))[0]
}
