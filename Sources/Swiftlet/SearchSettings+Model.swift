import SwiftletDecoding
import SwiftletModelFile
import SwiftletPlatform

extension SearchSettings {
  /// What a model's makers set.
  public init(_ defaults: DecodingDefaults) {
    self.init()
    beams = defaults.beams
    lengthPenalty = defaults.lengthPenalty
    earlyStopping = defaults.stopsEarly ? .whenFull : .heuristic
    firstToken = defaults.firstToken
  }

  /// Checks that the settings make sense together.
  func check() throws(SwiftletError) {
    guard (1...64).contains(beams) else { throw .limit(name: "--beam", value: beams, most: 64, least: 1) }
    let most = finishedHypotheses
    guard (1...most).contains(nBest) else {
      throw .limit(name: "--n-best", value: nBest, most: most, least: 1)
    }
    guard (0...Self.mostDrafts).contains(drafts) else {
      throw .limit(name: "--draft", value: drafts, most: Self.mostDrafts, least: 0)
    }
    guard drafts == 0 || beams == 1 else {
      throw .limit(name: "--beam with --draft", value: beams, most: 1, least: 1)
    }
  }
}
