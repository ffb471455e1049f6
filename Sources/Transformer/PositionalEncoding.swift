import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// x += PE(position): sines and cosines ("Attention Is All You Need", section 3.5), computed when they are
  /// needed, so that no table takes memory.
  func addPositionalEncoding(_ position: Int, _ model: borrowing Model, to x: UnsafeMutablePointer<Float>) {
    let architecture = model.architecture
    kernels.position(
      position + architecture.firstPosition, model.positionFrequencies,
      architecture.positionLayout == .interleaved ? .interleaved : .halves, architecture.width, x)
  }
}
