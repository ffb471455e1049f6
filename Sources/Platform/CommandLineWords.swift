#if !arch(wasm32)
  /// The words that the program was started with, its own name first: NUL-terminated, kept by the system.
  @safe public struct CommandLineWords {
    /// The words.
    public let words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    /// How many there are.
    public let count: Int

    /// This process's.
    public static var current: CommandLineWords { System.commandLine }

    /// Words that do not come from the system, and outlive this.
    public init(words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, count: Int) {
      unsafe (self.words, self.count) = unsafe (words, count)
    }
  }
#endif
