import Foundation

/// How far a verification has come, so that it can go on later: what `--resume` keeps.
struct RunState: Codable {
  /// What was being verified: another of any of these is another run.
  struct Identity: Codable, Equatable {
    /// The layout of this state.
    var version = 1
    /// The checksum of the source's numbers.
    var source: UInt64
    /// The checksums of the model files.
    var models: [UInt64]
    /// The checksum of the text.
    var text: UInt64
  }

  let identity: Identity
  /// How many lines are done.
  var done: Int
  var reports: [Report]

  /// Reads the state of a run, or begins anew if there is no file.
  ///
  /// - Throws: `VerificationError.state` for a file that is no state, or another run's.
  static func open(
    _ path: String, _ identity: Identity, _ reports: [Report]
  ) throws(VerificationError) -> RunState {
    guard FileManager.default.fileExists(atPath: path) else {
      return RunState(identity: identity, done: 0, reports: reports)
    }
    let state: RunState
    do {
      state = try PropertyListDecoder().decode(
        RunState.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw .state(path: path, reason: "not the state of a verification")
    }
    let other = state.identity
    let what =
      other.version != identity.version
      ? "version \(other.version)"
      : other.source != identity.source
        ? "another source"
        : other.models != identity.models
          ? "another model" : other.text != identity.text ? "another text" : nil
    if let what {
      throw .state(path: path, reason: "the state of a verification of \(what); remove it to begin anew")
    }
    return state
  }

  /// Writes the state beside the file, then puts it in its place.
  func write(to path: String) throws(VerificationError) {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    do {
      try encoder.encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .output(path: path, reason: error.localizedDescription)
    }
  }
}
