import SwiftletKernels

// This folder is part of every kernel module (a symbolic link in each): written once over 16 lanes, compiled with
// each module's flags. Each module adds its product, and its conversions between lanes.

/// A module's kernels: its own product, and the shared ones as this module compiles them. `quantizationShift` is what
/// the product wants added to every quantised value.
@inline(__always)
func kernelSet(
  name: StaticString, quantizationShift: Int32 = 0, product: @escaping KernelSet.Product
) -> KernelSet {
  unsafe KernelSet(
    name: name, product: product, quantizationShift: quantizationShift,
    quantize: { unsafe quantizeRows($0, stride: $1, count: $2, for: $3, into: $4, shift: $5) },
    normalize: { unsafe normalizeRows($0, count: $1, width: $2, gain: $3, bias: $4, epsilon: $5, into: $6) },
    add: { unsafe addRows($0, stride: $1, to: $2, count: $3, width: $4) },
    embed: { unsafe embedRow($0, token: $1, scale: $2, adds: $3, into: $4) },
    position: { unsafe addPosition($0, frequencies: $1, layout: $2, width: $3, to: $4) },
    activate: { unsafe activateRows($0, stride: $1, count: $2, width: $3, $4, isGated: $5) },
    rotate: {
      unsafe rotateHeads($0, count: $1, headWidth: $2, frequencies: $3, rotaryWidth: $4, position: $5)
    },
    remember: { unsafe rememberToken(key: $0, value: $1, token: $2, in: $3) },
    attend: { unsafe attendRows($0, scale: $1, cache: $2, keys: $3, scratch: $4) },
    likeliest: { unsafe likeliestIndex($0, count: $1) })
}
