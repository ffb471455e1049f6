import SwiftletFuzzing

/// What libFuzzer calls to change an input: as the target's form asks, so that what is changed is seen by what reads it.
@_cdecl("LLVMFuzzerCustomMutator")
func changeInput(_ bytes: UnsafeMutablePointer<UInt8>, _ size: Int, _ most: Int, _ seed: UInt32) -> Int {
  switch target.form {
  case .bytes: return mutate(bytes, size, most)
  case .parts(let count): return changePart(bytes, size, most, count, seed)
  case .modelFile:
    let size = mutate(bytes, size, most)
    Checksum.repair(UnsafeMutableRawBufferPointer(start: bytes, count: size))
    return size
  }
}

/// Changes one of the parts, and the lengths with it; now and then all, as bytes.
private func changePart(
  _ bytes: UnsafeMutablePointer<UInt8>, _ size: Int, _ most: Int, _ count: Int, _ seed: UInt32
) -> Int {
  var parts = Parts.split(UnsafeRawBufferPointer(start: bytes, count: size), count).map { Array($0) }
  let room = most - Parts.join(parts).count
  guard seed % 16 != 0, room >= 0 else { return mutate(bytes, size, most) }
  let place = choose(parts, Int(seed / 16))
  let old = parts[place].count
  var part = parts[place] + Array(repeating: 0, count: room)
  guard !part.isEmpty else { return mutate(bytes, size, most) }
  let length = part.withUnsafeMutableBufferPointer {
    mutate($0.baseAddress.unsafelyUnwrapped, old, $0.count)
  }
  parts[place] = Array(part[..<length])
  let changed = Parts.join(parts)
  _ = UnsafeMutableBufferPointer(start: bytes, count: changed.count).update(fromContentsOf: changed)
  return changed.count
}

/// A part to change: mostly one that is there.
private func choose(_ parts: [[UInt8]], _ number: Int) -> Int {
  let filled = parts.indices.filter { !parts[$0].isEmpty }
  guard number % 8 != 0, !filled.isEmpty else { return number / 8 % parts.count }
  return filled[number / 8 % filled.count]
}
