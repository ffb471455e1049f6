/// Seconds that `body` takes.
func seconds<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) -> Double {
  let start = ContinuousClock.now
  try body()
  return (ContinuousClock.now - start) / .seconds(1)
}

/// The median of `values`, of which there is at least one; of an even count, the mean of the middle two.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// From the least of `values` to the greatest, in percent of the median.
func spread(_ values: [Double]) -> Double {
  guard let least = values.min(), let greatest = values.max() else { return 0 }
  return 100 * (greatest - least) / median(values)
}

/// `repeats` samples of the seconds that one call of `body` takes.
///
/// A sample is as many calls as take 2 ms or more: a call may be shorter than the clock's grain.
func sampleSeconds(repeats: Int, _ body: () -> Void) -> [Double] {
  var calls = 1
  while true {
    let time = seconds { for _ in 0..<calls { body() } }
    if time >= 0.002 { break }
    calls *= time < 0.0002 ? 10 : 2
  }
  return (0..<repeats).map { _ in seconds { for _ in 0..<calls { body() } } / Double(calls) }
}

/// The median of `sampleSeconds`.
func medianSeconds(repeats: Int, _ body: () -> Void) -> Double {
  median(sampleSeconds(repeats: repeats, body))
}
