#if !arch(wasm32)
  /// The words that the program was started with, its own name first: NUL-terminated, kept by the system.
  @safe public struct CommandLineWords {
    /// The words.
    public let words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    /// How many there are.
    public let count: Int

    /// This process's.
    public static var current: CommandLineWords { System.commandLine }
  }
#endif
