/// A file of llama2.c, version 0: seven int32 (width, inner width, layers, heads, heads of keys, vocabulary, positions),
/// then float32 tensors without names. A negative vocabulary says that the output is no copy of the embeddings.
public struct Llama2CFile: Sendable {
  /// The width of a token's vector.
  public let width: Int
  /// The inner width of the feed-forward networks.
  public let feedForward: Int
  /// Layers.
  public let layers: Int
  /// Heads of queries.
  public let heads: Int
  /// Heads of keys and values.
  public let keyValueHeads: Int
  /// Tokens.
  public let vocabulary: Int
  /// The longest text.
  public let positions: Int
  /// Whether the output projection is the embedding table.
  public let isTied: Bool
  /// The tensors, under the names that Llama's own checkpoints have.
  public let weights: SourceWeights

  /// Opens a file, whose size must be that of the tensors.
  ///
  /// - Throws: `SourceError.system`, or `.unsupported` with the numbers.
  public init(path: String) throws(SourceError) {
    let source = try MappedSource(path: path)
    guard let header = Header(source) else {
      throw .unsupported(file: path, reason: "has no header of llama2.c, version 0: seven numbers in range")
    }
    let size = header.layout(of: source).size
    guard size == source.count else {
      throw .unsupported(
        file: path, reason: "has \(source.count) bytes, its header of llama2.c implies \(size)")
    }
    width = header.width
    feedForward = header.feedForward
    layers = header.layers
    heads = header.heads
    keyValueHeads = header.keyValueHeads
    vocabulary = header.vocabulary
    positions = header.positions
    isTied = header.isTied
    weights = SourceWeights(path: path, tensors: header.layout(of: source).tensors)
  }

  /// Whether a file is one of these: its header's numbers are in range, and imply its size.
  public static func recognises(_ path: String) throws(SourceError) -> Bool {
    let source = try MappedSource(path: path)
    guard let header = Header(source) else { return false }
    return header.layout(of: source).size == source.count
  }
}

/// The seven numbers.
private struct Header {
  let width, feedForward, layers, heads, keyValueHeads, vocabulary, positions: Int
  let isTied: Bool

  static let byteCount = 28

  /// nil if a number is out of range: then products of all can't overflow.
  init?(_ source: MappedSource) {
    guard source.count >= Self.byteCount else { return nil }
    let words = unsafe source.withBytes(0..<Self.byteCount) { bytes in
      (0..<7).map {
        unsafe Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)))
      }
    }
    let most = [65_536, 1 << 20, 1024, 1024, 1024, 4_000_000, 1 << 24]
    for (place, word) in words.enumerated() {
      guard (1...most[place]).contains(place == 5 ? abs(word) : word) else { return nil }
    }
    guard words[0] % words[3] == 0, words[3] % words[4] == 0, words[0] / words[3] % 2 == 0 else { return nil }
    (width, feedForward, layers, heads) = (words[0], words[1], words[2], words[3])
    (keyValueHeads, vocabulary, positions) = (words[4], abs(words[5]), words[6])
    isTied = words[5] > 0
  }

  /// All tensors, one kind after the other, and where the last one ends.
  func layout(of source: MappedSource) -> (tensors: [SourceTensor], size: Int) {
    var place = Self.byteCount
    var tensors: [SourceTensor] = []
    func add(_ name: String, _ shape: [Int]) {
      let end = place + 4 * shape.reduce(1, *)
      tensors.append(SourceTensor(name: name, type: .f32, shape: shape, source: source, bytes: place..<end))
      place = end
    }
    func addLayers(_ name: String, _ shape: [Int]) {
      for layer in 0..<layers { add("layers.\(layer).\(name).weight", shape) }
    }
    let keyValueWidth = width / heads * keyValueHeads
    add("tok_embeddings.weight", [vocabulary, width])
    addLayers("attention_norm", [width])
    addLayers("wq", [width, width])
    addLayers("wk", [keyValueWidth, width])
    addLayers("wv", [keyValueWidth, width])
    addLayers("wo", [width, width])
    addLayers("ffn_norm", [width])
    addLayers("w1", [feedForward, width])
    addLayers("w2", [width, feedForward])
    addLayers("w3", [feedForward, width])
    add("norm.weight", [width])
    // Sines and cosines of the rotary positions, which are computed.
    place += 4 * positions * (width / heads)
    if !isTied { add("output.weight", [vocabulary, width]) }
    return (tensors, place)
  }
}
