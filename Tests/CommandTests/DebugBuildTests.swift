import Foundation
import SourcesTestSupport
import Testing

/// A build without optimisation gives the same bits. It is built here, apart from the release build.
@Suite struct DebugBuildTests {
  @Test(.timeLimit(.minutes(10)))
  func theDebugBuildsDigestIsTheSame() throws {
    let scratch = repository.appending(path: ".build/debug-digest").path
    let start = Date()
    let built = try run(
      "/usr/bin/env",
      [
        "swift", "build", "--package-path", repository.path, "--scratch-path", scratch, "-c", "debug",
        "--product",
        "swiftlet-device",
      ])
    try #require(built.status == 0, "\(built.text)\(built.errors)")
    print("debug build: \(Int(Date().timeIntervalSince(start))) s")
    let lines = ["Hi.", "Run!", "It's new."]
    for model in EnFr.all {
      for kernel in try supportedKernels() {
        let begun = Date()
        let arguments = ["translate", model.path, "--digest", "--max-tokens", "4", "--kernel", kernel]
        let debug = try run("\(scratch)/debug/swiftlet-device", arguments + lines)
        let release = try swiftlet(arguments + lines)
        #expect(debug.status == 0 && debug.text.count == 17)
        #expect(debug.text == release.text, "group \(model.group), \(kernel)")
        print("debug digest, group \(model.group), \(kernel): \(Date().timeIntervalSince(begun)) s")
      }
    }
  }
}
