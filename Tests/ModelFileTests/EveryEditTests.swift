import SourcesTestSupport
import SwiftletModelFile
import Testing

/// Every edit of a small model of each kind: each length to which it can be cut, and each bit flipped.
@Suite struct EveryEditTests {
  /// All but one of two that differ in what becomes of the states.
  private static let files = SmallModel.allCases.filter { $0 != .sentence }

  /// As an accident leaves a file: its checksum finds all.
  @Test(arguments: files)
  func everyEditIsFound(_ kind: SmallModel) throws {
    let model = ModelInMemory(try kind.bytes())
    let size = unsafe model.bytes.count
    for length in 0..<size {
      switch (model.refusal(length), length) {
      case (.empty, 0), (.truncated(needed: 64, size: length), 1..<64),
        (.wrongSize(_, actual: length), 64...):
        break
      case (let error, _): Issue.record("\(length) bytes: \(error?.description ?? "accepted")")
      }
    }
    for place in 0..<size {
      for bit in EditedFile.bits {
        model.flip(place, bit)
        switch (model.refusal(), place) {
        case (.notAModel, 0..<8), (.newer, 8..<12), (.unknownVersion, 8), (.field, 12..<16),
          (.wrongSize, 16..<24), (.wrongChecksum, 24...):
          break
        case (let error, _): Issue.record("byte \(place) ^ \(bit): \(error?.description ?? "accepted")")
        }
        model.flip(place, bit)
      }
    }
    #expect(model.refusal() == nil)
    print("\(kind), \(size) bytes: \(size) truncations and \(8 * size) flipped bits, all refused")
  }

  /// With the size and the checksum made right: a reader trusts no number because of them.
  @Test(arguments: files)
  func everyCutUnderARightChecksumIsRefused(_ kind: SmallModel) throws {
    let bytes = try kind.bytes()
    for length in (64..<bytes.count).reversed() {
      let model = ModelInMemory(Array(bytes[..<length]))
      model.repair(length)
      switch model.refusal() {
      case .sectionPlace?, .truncated?: break
      case let error: Issue.record("\(length) bytes: \(error?.description ?? "accepted")")
      }
    }
    print("\(kind): \(bytes.count - 64) truncations under a right checksum, all refused")
  }

  /// Each flipped bit of what is no weight is refused, or the model runs over some texts to a normal end.
  @Test(arguments: SmallModel.allCases)
  func everyFlipUnderARightChecksumIsHarmless(_ kind: SmallModel) throws {
    let bytes = try kind.bytes()
    let file = ModelBytes(bytes)
    let model = ModelInMemory(bytes)
    #expect(model.exercise())
    // The sections of tokenizers have tests of their own; that of pieces, which is small, is here, too.
    let tokenizer = kind == .marian ? 0..<0 : file.section(.sourceTokenizer)
    var count = EditCount()
    for place in 0..<file.section(.tensorData).lowerBound where !(16..<32).contains(place) {
      if tokenizer.contains(place) { continue }
      flip(place, EditedFile.bits, model, &count)
    }
    #expect(count.accepted > 0 && count.refused > count.accepted)
    print("\(kind): \(count) of flipped bits that are no weights, under a right checksum")
  }

  /// Signs and exponents of scales, biases, norms, frequencies, factors and shifts, and all bits of sums.
  @Test(arguments: [SmallModel.marianRows, .calibrated, .llama])
  func numbersOfAnySizeAreHarmless(_ kind: SmallModel) throws {
    let bytes = try kind.bytes()
    let model = ModelInMemory(bytes)
    let file = unsafe try ModelFile(path: try ModelOnDisk(ModelBytes(bytes)).path)
    var count = EditCount()
    var mapped = 0
    for index in 0..<file.tensorCount {
      let tensor = try file.tensor(at: index)
      let isFloat = tensor.element == .float32
      if tensor.inputs > 0 { mapped += 1 }
      for (offset, size, width) in [
        (tensor.data, isFloat ? tensor.dataSize : 0, 4),
        (tensor.scales, tensor.scalesSize, tensor.group == 0 ? 4 : 2), (tensor.sums, tensor.sumsSize, 4),
        (tensor.bias, tensor.bias == 0 ? 0 : tensor.biasSize, 4),
        (tensor.inputs, tensor.inputs == 0 ? 0 : tensor.inputsSize, 2),
      ] {
        // Of each array the first number, one in the middle, and the last.
        for number in Set([0, size / width / 2, size / width - 1]) where number >= 0 && size > 0 {
          let last = Int(offset) + width * number + width - 1
          flip(last, EditedFile.bits, model, &count)
          flip(last - 1, [0x80], model, &count)
        }
      }
    }
    #expect(count.refused == 0 && (mapped > 0 || kind != .calibrated))
    print("\(kind): \(count) of signs and exponents of numbers")
  }

  private func flip(_ place: Int, _ bits: [UInt8], _ model: ModelInMemory, _ count: inout EditCount) {
    for bit in bits {
      model.flip(place, bit)
      unsafe model.repair(model.bytes.count)
      count.add(accepted: model.exercise())
      model.flip(place, bit)
    }
  }
}
