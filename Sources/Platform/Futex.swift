/// Sleeping until another thread says that a word of memory has changed.
public enum Futex {
  /// Sleeps if `word` still is `value`. May return without reason: look at the word, and call again.
  ///
  /// The system compares and falls asleep in one step: a `wake` after a change of the word can't be missed.
  public static func wait(_ word: UnsafeMutablePointer<UInt32>, while value: UInt32) {
    unsafe System.wait(word, while: value)
  }

  /// Wakes all threads that sleep on `word`.
  ///
  /// - Complexity: one system call: about a microsecond, and more for each thread that sleeps.
  public static func wake(_ word: UnsafeMutablePointer<UInt32>) { unsafe System.wake(word) }
}
