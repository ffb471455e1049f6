import SwiftletModelFile

extension FloatModel {
  /// A tensor that the architecture has.
  package func tensor(_ name: TensorName) -> FloatTensor { tensors[name.stack, name.part, name.layer] }

  /// The same model with other weights in one tensor: as many, row after row. The others are shared.
  ///
  /// - Parameter biasGain: What is added to the bias, where there is something.
  package func replacing(_ name: TensorName, weights: [Float], biasGain: [Float]? = nil) -> FloatModel {
    var changed = tensors
    changed.change(name, weights: weights, biasGain: biasGain)
    return FloatModel(architecture, decoding, changed)
  }

  /// The same model, whose projections read what the lenses make of their inputs. Weights are shared.
  package func looking(through lenses: [TensorName: FloatLens]) -> FloatModel {
    var changed = tensors
    for (name, lens) in lenses { changed.change(name, lens: lens) }
    return FloatModel(architecture, decoding, changed)
  }
}

extension FloatModel {
  /// The XXH64 of all numbers, tensor after tensor: other weights have another.
  package var checksum: UInt64 {
    var hash = XXH64()
    let list = TensorList(architecture)
    for index in 0..<list.count {
      let tensor = tensor(list[index].name)
      unsafe tensor.values.withUnsafeBytes { unsafe hash.update($0) }
      unsafe tensor.bias.withUnsafeBytes { unsafe hash.update($0) }
    }
    return hash.value
  }
}
