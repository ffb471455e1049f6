import SwiftletKernelSelection
import SwiftletKernels
import SwiftletPlatform

/// Runs the kernels of every instruction set that this processor has against the plain ones, and prints a line for
/// each; ends with status 1 at the first difference.
@main
struct Check {
  static func main() {
    InstructionSet.forEach {
      guard $0 != .plain, let kernels = $0.kernels else { return }
      var memory = Memory()
      var random = Random(seed: 1)
      var output = Output()
      let products = checkProducts(kernels, &memory, &random)
      let others = checkShared(kernels, &memory, &random)
      output.write($0.name)
      output.write(": ")
      output.write(products)
      output.write(" products and ")
      output.write(others)
      output.write(" other results have the plain kernels' bits\n")
    }
    exitProcess(0)
  }
}
