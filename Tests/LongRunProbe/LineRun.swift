import Foundation
import Glibc
import SwiftletModelFile

/// A program that reads lines and writes one for each. The last lines that it gets are the first ones again.
struct LineRun {
  let name, program: String
  let arguments: [String]
  let count: Int
  let line: (Int) -> String

  /// How many lines come again: whole batches of eight.
  private var kept: Int { min(1000, count / 2) / 8 * 8 }
  private var tenth: Int { count / 10 }

  /// What was seen of the run.
  private struct Seen {
    var lines = 0
    var first: [UInt8] = []
    var last: [UInt8] = []
    /// The memory after the first lines, and at the end.
    var early, late: Footprint?
    /// When the first tenth was done, when the last began, and when all was done.
    var times: [ContinuousClock.Instant] = []
  }

  /// Runs it, and says whether results and memory stayed what they were.
  func run() throws -> Bool {
    let (input, output) = (Pipe(), Pipe())
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    (process.standardInput, process.standardOutput) = (input, output)
    let start = ContinuousClock.now
    try process.run()
    let seen = try watch(process, input.fileHandleForWriting, output.fileHandleForReading)
    process.waitUntilExit()
    let first = Double(tenth) / ((seen.times[0] - start) / .seconds(1))
    let last = Double(tenth) / ((seen.times[2] - seen.times[1]) / .seconds(1))
    var digest = XXH64()
    unsafe seen.first.withUnsafeBytes { unsafe digest.update($0) }
    let isSame =
      seen.early != nil && seen.early?.mapped == seen.late?.mapped && seen.first == seen.last
      && process.terminationStatus == 0
    say(
      "  \(name): \(count) lines, \(describe(seen.early)), then \(describe(seen.late)), \(Int(first)) lines/s, then \(Int(last)), "
        + "results \(String(digest.value, radix: 16))\(isSame ? "" : " FAILED: the end is not as the beginning")"
    )
    return isSame
  }

  /// Reads results, and feeds lines as far as the program may go: it holds still while its memory is looked at.
  private func watch(_ process: Process, _ input: FileHandle, _ output: FileHandle) throws -> Seen {
    let mayGoOn = DispatchSemaphore(value: 0)
    let (kept, count) = (kept, count)
    nonisolated(unsafe) let line = line
    Thread.detachNewThread {
      unsafe Self.feed(0..<kept, line, input)
      mayGoOn.wait()
      unsafe Self.feed(kept..<count - kept, line, input)
      unsafe Self.feed(0..<kept, line, input)
      mayGoOn.wait()
      try? input.close()
    }
    var seen = Seen()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let size = unsafe read(output.fileDescriptor, &buffer, buffer.count)
      guard size > 0 else { break }
      take(buffer[..<size], &seen)
      if seen.lines == kept, seen.early == nil {
        seen.early = Footprint(of: process.processIdentifier)
        mayGoOn.signal()
      }
      if seen.lines == count, seen.late == nil {
        seen.late = Footprint(of: process.processIdentifier)
        mayGoOn.signal()
      }
    }
    guard seen.lines == count else { throw Ended(name: name, lines: seen.lines, count: count) }
    return seen
  }

  private static func feed(_ numbers: Range<Int>, _ line: (Int) -> String, _ input: FileHandle) {
    var bytes: [UInt8] = []
    for number in numbers {
      bytes += line(number).utf8
      if bytes.count > 32_768 || number == numbers.upperBound - 1 {
        try? input.write(contentsOf: Data(bytes))
        bytes.removeAll(keepingCapacity: true)
      }
    }
  }

  private func take(_ bytes: ArraySlice<UInt8>, _ seen: inout Seen) {
    for byte in bytes {
      if seen.lines < kept { seen.first.append(byte) }
      if seen.lines >= count - kept { seen.last.append(byte) }
      guard byte == 0x0A else { continue }
      seen.lines += 1
      if seen.lines == tenth || seen.lines == count - tenth || seen.lines == count { seen.times.append(.now) }
      if tenth >= 1000, seen.lines % tenth == 0, isatty(2) == 1 {
        let progress =
          seen.lines == count ? "\r\u{1B}[K" : "\r\u{1B}[K\(name): \(seen.lines) of \(count) lines"
        FileHandle.standardError.write(Data(progress.utf8))
      }
    }
  }

  /// A program that ended before its input did.
  private struct Ended: Error {
    let name: String
    let lines, count: Int
  }
}
