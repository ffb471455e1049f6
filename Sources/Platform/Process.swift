#if !arch(wasm32)
  /// Makes writing to a closed pipe, or past the size that a file may have, an error that the writer sees, instead of a
  /// signal that ends the process.
  public func ignoreWriteSignals() { System.ignoreWriteSignals() }

  /// How large the main thread's stack may become, in bytes; nil if there is no limit.
  public var stackLimit: Int? { System.stackLimit }

  /// Has `handler` called when a page of a mapped file can't be had: the file was cut short, or its disk failed.
  ///
  /// The handler runs in a signal, allocates nothing and does not return: it ends with `endProcessAtOnce`.
  public func onLostPage(_ handler: @escaping @convention(c) (Int32) -> Void) {
    System.handleBusError(handler)
  }

  /// Ends the process.
  public func exitProcess(_ status: Int32) -> Never { System.end(status) }

  /// Ends the process from a signal handler: nothing that was registered for its end is run.
  public func endProcessAtOnce(_ status: Int32) -> Never { System.endAtOnce(status) }
#endif
