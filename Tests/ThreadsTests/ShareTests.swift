import SourcesTestSupport
import SwiftletThreads
import Testing

/// How items are dealt out.
@Suite struct ShareTests {
  @Test func sharesCoverAllItemsOnceInOrder() {
    var numbers = Seeded(20, test: #function)
    for _ in 0..<20_000 {
      let items = Int.random(in: 0...(Bool.random(using: &numbers) ? 40 : 5000), using: &numbers)
      let grain = Int.random(in: 1...(Bool.random(using: &numbers) ? 3 : 100), using: &numbers)
      let count = Int.random(in: 1...64, using: &numbers)
      let ranges = (0..<count).map { Share($0, of: count).range(of: items, grain: grain) }
      #expect(ranges[0].lowerBound == 0 && ranges[count - 1].upperBound == items)
      for (range, next) in zip(ranges, ranges.dropFirst()) { #expect(range.upperBound == next.lowerBound) }
      for range in ranges where !range.isEmpty {
        #expect(range.lowerBound % grain == 0)
        #expect(range.upperBound % grain == 0 || range.upperBound == items)
      }
      let groups = ranges.map { ($0.count + grain - 1) / grain }
      #expect(groups == groups.sorted(by: >) && groups[0] - groups[count - 1] <= 1)
    }
  }

  @Test func oneShareIsAll() {
    #expect(Share(0, of: 1).range(of: 7, grain: 16) == 0..<7)
    #expect(Share(0, of: 1).range(of: 0) == 0..<0)
  }

  @Test func fewItemsLeaveThreadsWithoutWork() {
    #expect(Share(0, of: 4).range(of: 20, grain: 16) == 0..<16)
    #expect(Share(1, of: 4).range(of: 20, grain: 16) == 16..<20)
    #expect(Share(2, of: 4).range(of: 20, grain: 16).isEmpty)
    #expect(Share(3, of: 4).range(of: 20, grain: 16).isEmpty)
  }

  @Test func nothingOverflows() {
    for grain in [1, 2, 3, 64, .max - 1, .max] {
      for count in [1, 2, 3, 64] {
        var next = 0
        for index in 0..<count {
          let range = Share(index, of: count).range(of: .max, grain: grain)
          #expect(range.lowerBound == next)
          next = range.upperBound
        }
        #expect(next == .max)
      }
    }
  }
}
