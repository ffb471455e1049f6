import Foundation

/// What other processes do meanwhile: figures are worth less the more it is, even on other cores, which may share a
/// core's units, its caches or its clock.
struct OtherLoad {
  private let start = ContinuousClock.now
  private let busyBefore = busySeconds()
  private let ownBefore = ownSeconds()

  /// How many cores other processes kept busy on average since this value was made; nil where the system doesn't say.
  var cores: Double? {
    guard let busyBefore, let busy = busySeconds() else { return nil }
    let others = (busy - busyBefore) - (ownSeconds() - ownBefore)
    return max(0, others / ((ContinuousClock.now - start) / .seconds(1)))
  }
}

/// Seconds that all cores have worked since the system started.
private func busySeconds() -> Double? {
  guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8) else { return nil }
  // user, nice, system, idle, waiting, interrupts …
  let ticks = text.prefix { $0 != "\n" }.split(separator: " ").dropFirst().compactMap { Double($0) }
  guard ticks.count > 6 else { return nil }
  return (ticks[0...2].reduce(0, +) + ticks[5...6].reduce(0, +)) / Double(sysconf(Int32(_SC_CLK_TCK)))
}

/// Seconds that this process has worked.
private func ownSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
