import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// x += PE(position): sines and cosines ("Attention Is All You Need", section 3.5), computed when they are
  /// needed, so that no table takes memory; or a learned vector.
  func addPositionalEncoding(
    _ position: Int, _ stack: StackWeights, _ model: borrowing Model, to x: UnsafeMutablePointer<Float>
  ) {
    let architecture = model.architecture
    if let frequencies = unsafe model.positionFrequencies {
      unsafe kernels.position(
        position + architecture.firstPosition, frequencies,
        architecture.positionEncoding == .interleaved ? .interleaved : .halves, architecture.tableWidth, x)
    } else if let table = stack.positions {
      unsafe kernels.embed(table, position, 1, true, x)
    }
  }

  /// Rotates the queries and keys of a token, which lie side by side, by its position (Su and others, "RoFormer", 2021).
  func rotate(_ queriesAndKeys: UnsafeMutablePointer<Float>, position: Int, _ model: borrowing Model) {
    guard let frequencies = unsafe model.rotaryFrequencies else { return }
    let architecture = model.architecture
    unsafe kernels.rotate(
      queriesAndKeys, architecture.heads + architecture.keyValueHeads, architecture.headWidth, frequencies,
      architecture.rotaryWidth, position)
  }
}
