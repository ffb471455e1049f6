import Swiftlet
import SwiftletPlatform
import SwiftletTokenizers
import SwiftletTransformer

/// The tokens along one side of a map.
struct TokenLabels: ~Escapable {
  let ids: Span<UInt32>
  let tokenizer: Tokenizer

  @_lifetime(copy ids)
  init(_ ids: Span<UInt32>, _ tokenizer: Tokenizer) {
    self.ids = ids
    self.tokenizer = tokenizer
  }

  var count: Int { ids.count }

  func piece(_ index: Int) -> UnsafeRawBufferPointer {
    // The model's file outlives every command.
    unsafe tokenizer.pieceText(ids[index]).withUnsafeBytes { unsafe $0 }
  }
}

/// A file of what tokens attended to, in the form that its name asks for: a picture or numbers. Maps of a layer are
/// written as soon as they are there.
struct AttentionFile: ~Copyable {
  private var sink: DescriptorSink
  /// Whether it is a picture.
  private let draws: Bool
  private var picture = AttentionPicture()
  /// How many kinds of attention were begun.
  private var kinds = 0

  @inline(never)
  init(_ path: Word, buffer: UnsafeMutableRawBufferPointer) throws(SystemError) {
    draws = path.hasSuffix(".svg")
    sink = try unsafe DescriptorSink(creating: path.pointer, buffer: buffer)
  }

  /// Makes room for the maps of a kind: called for all kinds before `begin`.
  @inline(never)
  mutating func measure(
    rows: borrowing TokenLabels, columns: borrowing TokenLabels, layers: Int, heads: Int
  ) {
    picture.measure(rows: rows, columns: columns, layers: layers, heads: heads)
  }

  /// Begins the file.
  @inline(never)
  mutating func begin(_ source: Span<UInt8>, _ target: Span<UInt8>?) {
    if draws { return picture.begin(source, target, to: &sink) }
    sink.write("{\"text\": ")
    JSONText.writeString(source, to: &sink)
    if let target {
      sink.write(", \"result\": ")
      JSONText.writeString(target, to: &sink)
    }
    sink.write(", \"attention\": [")
  }

  /// Begins the maps of a kind.
  @inline(never)
  mutating func begin(
    _ kind: AttentionKind, rows: borrowing TokenLabels, columns: borrowing TokenLabels, heads: Int
  ) {
    defer { kinds += 1 }
    if draws {
      return picture.begin(kind, number: kinds, rows: rows, columns: columns, heads: heads, to: &sink)
    }
    sink.write(kinds > 0 ? ",\n{\"kind\": \"" : "\n{\"kind\": \"")
    sink.write(kind.name)
    sink.write("\", \"rows\": [")
    JSONText.writePieces(rows.ids, rows.tokenizer, to: &sink)
    sink.write("], \"columns\": [")
    JSONText.writePieces(columns.ids, columns.tokenizer, to: &sink)
    sink.write("], \"layers\": [")
  }

  /// Writes the maps of a layer.
  mutating func add(_ maps: borrowing AttentionMaps, layer: Int, heads: Int) {
    if draws { return picture.add(maps, layer: layer, heads: heads, number: kinds - 1, to: &sink) }
    sink.write(layer > 0 ? ",\n[" : "\n[")
    for head in 0..<heads {
      sink.write(head > 0 ? ", [" : "[")
      for row in 0..<maps.rows {
        sink.write(row > 0 ? ", [" : "[")
        JSONText.writeNumbers(maps.weights(head: head, row: row), to: &sink)
        sink.write("]")
      }
      sink.write("]")
    }
    sink.write("]")
  }

  /// Ends the maps of a kind.
  mutating func endKind() { if !draws { sink.write("]}") } }

  /// Ends the file. Returns what could not be written.
  @inline(never)
  mutating func end() -> SystemError? {
    sink.write(draws ? "</svg>\n" : "]}\n")
    sink.close()
    return sink.failure
  }
}

extension AttentionKind {
  /// Its name in numbers.
  fileprivate var name: StaticText {
    switch self {
    case .encoder: "encoder"
    case .decoder: "decoder"
    case .source: "source"
    }
  }
}

extension Word {
  /// Whether it ends with a text.
  func hasSuffix(_ text: StaticText) -> Bool {
    let start = unsafe bytes.count - text.bytes.count
    return unsafe start >= 0 && text ~= Word(pointer: pointer + start)
  }
}
