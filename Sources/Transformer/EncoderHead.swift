import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// What an encoder's head makes of the states that `encode` left: a vector for the text, or scores of its classes.
  ///
  /// Without pooling it is made of the state of one token, `token`: scores of its classes, or of the tokens that may
  /// stand there. The result is in `headResult`.
  ///
  /// - Parameter pooling: How the states become one vector, if not as the model says.
  public mutating func runHead(
    token: Int = 0, pooling: EncoderHead.Pooling? = nil, _ model: borrowing Model
  ) {
    precondition(sourceCount > 0 && token >= 0 && token < sourceCount, "the token is one that was encoded")
    let head = model.architecture.head
    pool(pooling ?? head.pooling, token: token, model.architecture.width)
    var width = model.architecture.width
    if let projection = model.head.projection {
      unsafe linear(projection, pooled.pointer, count: 1, into: projections.pointer)
      width = projection.rows
      unsafe pooled.pointer.update(from: projections.pointer, count: width)
      if let function = head.activation.function {
        unsafe activate(pooled.pointer, stride: width, count: 1, width: width, function)
      }
    }
    if let norm = model.head.norm {
      unsafe normalize(pooled.pointer, count: 1, norm, model, into: pooled.pointer)
    }
    if head.isNormalized { unsafe scaleToLengthOne(pooled.pointer, count: width) }
    if let classes = head.predictsTokens ? model.output : model.head.classifier {
      unsafe linear(classes, pooled.pointer, count: 1, into: logits.pointer)
      width = classes.rows
    } else {
      unsafe logits.pointer.update(from: pooled.pointer, count: width)
    }
    headCount = width
  }

  /// The result of `runHead`: a vector, or scores.
  public var headResult: Span<Float> {
    @_lifetime(borrow self)
    get { logits.span.extracting(0..<headCount) }
  }

  /// One vector for all states, or the state of `token`, into `pooled`.
  private func pool(_ pooling: EncoderHead.Pooling, token: Int, _ width: Int) {
    let states = unsafe hidden.pointer
    switch pooling {
    case .none: unsafe pooled.pointer.update(from: states + token * width, count: width)
    case .first: unsafe pooled.pointer.update(from: states, count: width)
    case .last: unsafe pooled.pointer.update(from: states + (sourceCount - 1) * width, count: width)
    case .mean:
      unsafe pooled.pointer.update(from: states, count: width)
      for token in 1..<max(1, sourceCount) {
        unsafe kernels.add(states + token * width, width, pooled.pointer, 1, width)
      }
      let count = Float(sourceCount)
      for index in 0..<width { unsafe pooled.pointer[index] /= count }
    case .maximum:
      unsafe pooled.pointer.update(from: states, count: width)
      for index in width..<max(width, sourceCount * width) {
        let column = index % width
        if unsafe states[index] > pooled.pointer[column] {
          unsafe pooled.pointer[column] = states[index]
        }
      }
    }
  }

  private func scaleToLengthOne(_ x: UnsafeMutablePointer<Float>, count: Int) {
    var sum: Float = 0
    for index in 0..<count { unsafe sum += x[index] * x[index] }
    let length = max(sum.squareRoot(), 1e-12)
    for index in 0..<count { unsafe x[index] /= length }
  }
}
