// Makes a tokenizer section of a model's files and encodes lines with it: what tools/reference/check_tokenizers.py
// compares with the references.
//
//   tokenizer-probe FILES         reads lines, each a JSON string; writes for each {"ids": […], "text": "…"}
//   tokenizer-probe FILES --time  encodes all that it reads again and again, and writes megabytes per second
//
// FILES is a directory, llama2.c's tokenizer.bin, or a list of characters: {"texts": […], "control": […], "unknown": 3,
// "before": […], "after": […]} in a file whose name ends in .characters.
import Foundation
import SwiftletConversion
import SwiftletTokenizers

struct Characters: Decodable {
  let texts: [String]
  let control: [Int]
  let unknown: Int?
  let before: [Int]
  let after: [Int]
}

func makeSection(_ path: String) throws -> [UInt8] {
  if path.hasSuffix(".characters") {
    let list = try JSONDecoder().decode(Characters.self, from: Data(contentsOf: URL(filePath: path)))
    return try characterSection(
      texts: list.texts, controlIDs: Set(list.control), unknownID: list.unknown, before: list.before,
      after: list.after)
  }
  if path.hasSuffix(".bin") { return try llama2TokenizerSection(path: path) }
  return try tokenizerSection(directory: path)
}

/// A tokenizer with scratch for texts of up to `limit` bytes. It lives as long as the process.
@safe struct Probe {
  let tokenizer: Tokenizer
  let ids: UnsafeMutableBufferPointer<UInt32>
  let normalized: UnsafeMutableBufferPointer<UInt8>
  let lattice: UnsafeMutableBufferPointer<LatticeNode>
  let text: UnsafeMutableBufferPointer<UInt8>

  init(_ section: [UInt8], limit: Int) throws {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: section.count, alignment: 8)
    unsafe memory.copyBytes(from: section)
    tokenizer = try unsafe Tokenizer(section: UnsafeRawBufferPointer(memory))
    let need = tokenizer.scratch(forTextBytes: limit)
    unsafe ids = .allocate(capacity: 4 * limit + 16)
    unsafe ids.initialize(repeating: 0)
    unsafe normalized = .allocate(capacity: need.normalizedBytes)
    unsafe normalized.initialize(repeating: 0)
    unsafe lattice = .allocate(capacity: need.latticeNodes)
    unsafe lattice.initialize(repeating: LatticeNode())
    unsafe text = .allocate(capacity: min(tokenizer.decodedBytes(forIDs: ids.count), 1 << 26))
    unsafe text.initialize(repeating: 0)
  }

  func encode(_ bytes: [UInt8]) throws -> Int {
    var idSpan = unsafe MutableSpan(_unsafeElements: ids)
    var normalizedSpan = unsafe MutableSpan(_unsafeElements: normalized)
    var latticeSpan = unsafe MutableSpan(_unsafeElements: lattice)
    return try tokenizer.encode(
      bytes.span, into: &idSpan, normalized: &normalizedSpan, lattice: &latticeSpan)
  }

  func decode(_ count: Int) throws -> String {
    var span = unsafe MutableSpan(_unsafeElements: text)
    let bytes = try unsafe tokenizer.decode(
      Span(_unsafeElements: UnsafeBufferPointer(ids)).extracting(0..<count), into: &span)
    return unsafe String(decoding: text[..<bytes], as: UTF8.self)
  }
}

struct Result: Encodable {
  let ids: [UInt32]
  let text: String
}

let section = try makeSection(CommandLine.arguments[1])
let input = FileHandle.standardInput.readDataToEndOfFile()
let lines = try input.split(separator: 0x0A).map {
  Array(try JSONDecoder().decode(String.self, from: $0).utf8)
}
let probe = try Probe(section, limit: lines.map(\.count).max() ?? 0)
if CommandLine.arguments.contains("--time") {
  let bytes = lines.reduce(0) { $0 + $1.count }
  var best = Duration.seconds(1_000)
  for _ in 0..<7 {
    let time = try ContinuousClock().measure {
      for line in lines { _ = try probe.encode(line) }
    }
    best = min(best, time)
  }
  let seconds = Double(best.components.seconds) + Double(best.components.attoseconds) / 1e18
  print(String(format: "%.1f MB/s, section %d bytes", Double(bytes) / seconds / 1e6, section.count))
} else {
  for line in lines {
    let count = try probe.encode(line)
    let result = unsafe Result(ids: Array(probe.ids[..<count]), text: try probe.decode(count))
    print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
  }
}
