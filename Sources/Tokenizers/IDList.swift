/// Where encoding writes ids: counts what doesn't fit, so that an error can say how much was needed.
@safe struct IDList {
  let ids: UnsafeMutableBufferPointer<UInt32>
  /// How many ids there are. What isn't below, a broken section's or ``TokenTables/noID``, is left out: a model looks
  /// its tokens' rows up by these numbers.
  let limit: UInt32
  /// How many ids were written, or would have been.
  var count = 0

  init(_ ids: UnsafeMutableBufferPointer<UInt32>, limit: Int) {
    unsafe self.ids = ids
    self.limit = UInt32(truncatingIfNeeded: limit)
  }

  @inline(__always)
  mutating func append(_ id: UInt32) {
    guard id < limit else { return }
    // Within bounds: checked here.
    if unsafe count < ids.count { unsafe ids[count] = id }
    count &+= 1
  }

  /// Cuts the list to the first `most` ids, and forgives an error that only says that there were more.
  mutating func cut(to most: Int, _ error: TokenizerError?) -> TokenizerError? {
    if let error {
      guard case .tooManyIDs = error else { return error }
      count = unsafe ids.count
    }
    count = min(count, most)
    return nil
  }

  /// The places that are free.
  var rest: UnsafeMutableBufferPointer<UInt32> {
    unsafe UnsafeMutableBufferPointer(rebasing: ids[min(count, ids.count)...])
  }
}
