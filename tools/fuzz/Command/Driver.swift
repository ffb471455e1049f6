import Foundation
import SwiftletFuzzing
import SwiftletFuzzingArguments

/// libFuzzer's loop: reads its own options, and calls `callback` with one input after the other.
@_extern(c, "LLVMFuzzerRunDriver")
func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// libFuzzer's own changes of `size` bytes, up to `most`; returns how many there are then.
@_extern(c, "LLVMFuzzerMutate")
func mutate(_ bytes: UnsafeMutablePointer<UInt8>, _ size: Int, _ most: Int) -> Int

/// All ways in.
let targets = FuzzTarget.all + FuzzTarget.ofCommandLine

/// The one that is fuzzed. An environment variable names it: libFuzzer starts itself again with its own options alone.
let target: FuzzTarget = {
  let name = ProcessInfo.processInfo.environment["SWIFTLET_FUZZ_TARGET"] ?? ""
  if let target = targets.first(where: { $0.name == name }) { return target }
  say("SWIFTLET_FUZZ_TARGET must be one of: \(targets.map(\.name).joined(separator: " "))")
  exit(2)
}()

/// Writes a line to standard error.
func say(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }

/// What libFuzzer calls with each input.
func runOne(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  do throws(BrokenPromise) { try target.run(UnsafeRawBufferPointer(start: bytes, count: count)) } catch {
    say("\(target.name): broken promise: \(error)")
    abort()
  }
  return 0
}
