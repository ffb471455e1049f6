import Swiftlet
import SwiftletModelFile
import SwiftletPlatform

extension FuzzTarget {
  /// A whole `.swiftlet` file: opened, and run for what it is made for.
  static let modelFile = unsafe FuzzTarget("model-file", .modelFile, longest: 1 << 16, seeds: Seeds.models) {
    (input) throws(BrokenPromise) in
    unsafe try withCopy(input, alignment: 64) { (bytes) throws(BrokenPromise) in
      try attempt { unsafe try runTasks(bytes) }
    }
  }

  /// A byte that chooses a small model and what is asked of it, and texts for it.
  static let tasks = unsafe FuzzTarget("tasks", .parts(3), longest: 512, seeds: Seeds.tasks) {
    (input) throws(BrokenPromise) in
    guard let first = unsafe input.first else { return }
    let rest = unsafe Parts.split(UnsafeRawBufferPointer(rebasing: input.dropFirst()), 3).map {
      unsafe Array($0)
    }
    let model = SmallModel.all[Int(first) % SmallModel.all.count]
    try attempt {
      unsafe try runTasks(model.bytes, TaskTexts(text: rest[2], prefix: rest[0], stop: rest[1], longest: 24))
    }
  }
}
