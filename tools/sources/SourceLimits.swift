/// The most that is read of a source. What is beyond is refused with the limit's number, so that no file can ask for much
/// more memory or time than a model needs. `LIMITS.md` has all limits, those of other modules too.
public enum SourceLimits {
  /// Bytes of a JSON file, and of a safetensors header, as its format says.
  public static let jsonBytes = 100_000_000
  /// Arrays and objects of JSON that enclose each other.
  public static let jsonDepth = 64
  /// Values in a JSON text, collections included.
  public static let jsonValues = 10_000_000
  /// Bytes of a vocabulary, of merges, or of a SentencePiece model.
  public static let textBytes = 100_000_000
  /// Lines of a vocabulary or of merges.
  public static let lines = 2_000_000
  /// Tokens of a vocabulary or pieces of a SentencePiece model: ids have 20 bits, of which one value means none.
  public static let tokens = 1_048_574
  /// Tensors of a file, also members of a ZIP file.
  public static let tensors = 1_000_000
  /// Dimensions of a tensor.
  public static let dimensions = 8
  /// Bytes of a tensor's name.
  public static let nameBytes = 1024
  /// Files that an index names.
  public static let shards = 10_000
  /// Bytes of a pickle.
  public static let pickleBytes = 100_000_000
  /// Values on the stack of a pickle, and values that it remembers.
  public static let pickleStack = 1_000_000
  /// Tuples, lists, dictionaries and tensors of a pickle, and what is in them.
  public static let pickleValues = 4_000_000
  /// Bytes of a name in a pickle, up to its line feed.
  public static let pickleLine = 1024
}
