/// What all threads of a pool call: an argument, the thread's share, and the count of shares.
public typealias SharedEntry = @convention(c) (UnsafeRawPointer, Int, Int) -> Void

/// Work that all threads of a pool do together, each its share.
///
/// ```swift
/// struct Doubling: SharedWork {
///   let values: UnsafeMutablePointer<Float>
///   let count: Int
///
///   func run(_ share: Share) {
///     for index in share.range(of: count, grain: 16) { values[index] *= 2 }
///   }
///
///   static var entry: SharedEntry { { $0.load(as: Self.self).run(Share($1, of: $2)) } }
/// }
/// ```
public protocol SharedWork: BitwiseCopyable {
  /// Does one share. Called on all threads at once: shares must not write to the same memory.
  func run(_ share: Share)

  /// A function that loads a value of this type and runs it.
  ///
  /// Every type writes the line above itself. It can't be inherited: a C function knows no generic type, and
  /// a Swift closure that does is allocated in builds without optimisation.
  static var entry: SharedEntry { get }
}

extension ThreadPool {
  /// Calls `work.run` on all threads at once and returns when all have returned.
  ///
  /// - Complexity: as `run(_:_:)`. Allocates nothing.
  @inlinable
  public mutating func run<Work: SharedWork>(_ work: Work) {
    unsafe withUnsafePointer(to: work) { unsafe run(Work.entry, $0) }
  }
}
