import Foundation
import SwiftletKernelSelection

/// What the figures belong to.
struct Machine: Encodable {
  let processor = processorName()
  let compiler = compilerVersion
  let kernels = InstructionSet.allCases.filter(\.isSupported).map(\.description)
}

/// The Swift compiler that built this program. The language only lets a program ask for a least version.
let compilerVersion: String = {
  #if compiler(>=6.4)
    "Swift 6.4 or later"
  #elseif compiler(>=6.3.3)
    "Swift 6.3.3 or later"
  #elseif compiler(>=6.3.2)
    "Swift 6.3.2"
  #elseif compiler(>=6.3.1)
    "Swift 6.3.1"
  #elseif compiler(>=6.3)
    "Swift 6.3"
  #else
    "Swift 6.2"
  #endif
}()

/// The processor's name, as the system gives it.
private func processorName() -> String {
  #if os(Linux)
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    for key in ["model name", "Model", "Hardware", "uarch", "CPU part"] {
      guard let line = lines.first(where: { $0.hasPrefix(key) }), let colon = line.firstIndex(of: ":") else {
        continue
      }
      return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
  #endif
  return "unknown processor"
}

/// The process's resident set in bytes: its peak so far, and now; 0 where the system doesn't say.
func residentBytes() -> (peak: Int, now: Int) {
  let lines =
    (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8))?.split(separator: "\n") ?? []
  func kilobytes(_ key: String) -> Int {
    guard let line = lines.first(where: { $0.hasPrefix(key) }) else { return 0 }
    return Int(line.filter(\.isNumber)) ?? 0
  }
  return (1024 * kilobytes("VmHWM:"), 1024 * kilobytes("VmRSS:"))
}
