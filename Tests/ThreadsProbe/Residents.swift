import Foundation

/// What this process holds just now.
struct Residents {
  let mappings: Int
  let threads: Int

  init() {
    let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
    mappings = maps.split(separator: "\n").count
    threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
  }

  /// Waits, for two seconds at most, until no more threads are left than before: the system may list a thread for a
  /// moment after its end.
  init(settling before: Residents) {
    var now = Residents()
    for _ in 0..<200 where now.threads > before.threads {
      usleep(10_000)
      now = Residents()
    }
    self = now
  }
}
