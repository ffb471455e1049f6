import Foundation

/// What a process takes, as the kernel counts page by page. (Its own count of resident pages, `VmRSS`, is kept by
/// processor and then guessed, and has pages of files, which come and go.)
struct Footprint: CustomStringConvertible {
  /// The most that it ever had mapped, in KB: what it asked the system for, which must not change.
  let mapped: Int
  /// How much of that, without pages of files, it has touched, in KB. Of a buffer that lines are read into it is more when
  /// many lines happen to wait there.
  let own: Int

  /// The process with this number; nil if it is gone.
  init?(of process: Int32) {
    guard let mapped = Self.value("VmPeak:", "/proc/\(process)/status"),
      let own = Self.value("Anonymous:", "/proc/\(process)/smaps_rollup")
    else { return nil }
    (self.mapped, self.own) = (mapped, own)
  }

  var description: String { "\(own) KB of \(mapped)" }

  private static func value(_ name: String, _ path: String) -> Int? {
    let text = try? String(contentsOfFile: path, encoding: .utf8)
    let line = text?.split(separator: "\n").first { $0.hasPrefix(name) }
    return line.flatMap { Int($0.filter(\.isNumber)) }
  }
}

func describe(_ footprint: Footprint?) -> String { footprint.map { "\($0)" } ?? "unknown memory" }
