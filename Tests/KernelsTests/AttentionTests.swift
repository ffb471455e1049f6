import Foundation
import SwiftletKernelSelection
import SourcesTestSupport
import SwiftletKernels
import SwiftletKernelsPlain
import Testing

/// Attention over an int8 cache: each set's bits against the plain set's, and against softmax(qKᵀ/√d)V in Double.
struct AttentionTests {
  /// One head's cache with its storage: pages in no order, other heads' bytes between them.
  @safe final class Storage {
    let cache: HeadCache
    private let bytes: UnsafeMutableRawPointer
    private let table: UnsafeMutablePointer<UInt32>

    init(width: Int, tokens: Int, using random: inout Seeded) {
      let pages = (tokens + tokensPerPage - 1) / tokensPerPage + 1
      let stride = 2 * HeadCache.partBytes(width: width)
      unsafe bytes = .allocate(byteCount: pages * stride, alignment: 64)
      // What an earlier use of the bytes may have left, NaN among the factors: unused tokens must not matter.
      unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0xFF, count: pages * stride)
      unsafe table = .allocate(capacity: pages)
      for (place, page) in (0..<UInt32(pages)).shuffled(using: &random).enumerated() {
        unsafe table[place] = page
      }
      let start = unsafe bytes + HeadCache.partBytes(width: width)
      cache = unsafe HeadCache(width: width, start: start, stride: stride, table: table)
    }
    deinit {
      unsafe bytes.deallocate()
      unsafe table.deallocate()
    }
  }

  private func attend(
    _ kernels: KernelSet, _ keys: [[Float]], _ values: [[Float]], _ query: [Float], from first: Int = 0,
    biases: (values: [Float], position: Int)? = nil, using random: inout Seeded
  ) -> (output: [Float], weights: [Float]) {
    let width = query.count
    let storage = Storage(width: width, tokens: keys.count, using: &random)
    for token in keys.indices { unsafe kernels.remember(keys[token], values[token], token, storage.cache) }
    let capacity = AttentionScratch.count(width: width, tokens: keys.count, queries: 1)
    var scratch = [Float](repeating: .nan, count: capacity)
    var output = [Float](repeating: 0, count: width)
    let scale = 1 / Float(width).squareRoot()
    let distance = biases.map { $0.values.count / 2 } ?? 0
    unsafe (biases?.values ?? [0]).withUnsafeBufferPointer { values in
      let attended = unsafe AttendedKeys(
        end: keys.count, window: first == 0 ? 0 : (biases?.position ?? 0) + 1 - first,
        biases: biases.map { _ in unsafe values.baseAddress! + distance }, distance: distance,
        position: biases?.position ?? 0)
      unsafe kernels.attend(AttendingQueries(query, into: &output), scale, storage.cache, attended, &scratch)
    }
    let weights = AttentionScratch.weights(width: width, queries: 1)
    return (output, Array(scratch[weights..<weights + keys.count - first / 16 * 16]))
  }

  private func exact(
    _ keys: [[Float]], _ values: [[Float]], _ query: [Float], from first: Int = 0,
    bias: (Int) -> Double = { _ in 0 }
  ) -> [Double] {
    let scores = keys.enumerated().map { token, key in
      guard token >= first else { return -Double.infinity }
      let product = zip(key, query).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      return product / Double(query.count).squareRoot() + bias(token)
    }
    let weights = scores.map { exp($0 - scores.max()!) }
    let sum = weights.reduce(0, +)
    return query.indices.map { dimension in
      zip(weights, values).reduce(0) { $0 + $1.0 / sum * Double($1.1[dimension]) }
    }
  }

  @Test(arguments: InstructionSet.allCases.filter(\.isSupported))
  func equalsPlainAndNearExact(_ set: InstructionSet) throws {
    let kernels = try #require(set.kernels)
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for width in [1, 4, 15, 16, 17, 32, 64, 80] {
      for count in [1, 2, 15, 16, 17, 33, 100] {
        func vectors() -> [[Float]] {
          (0..<count).map { _ in (0..<width).map { _ in Float.random(in: -2...2, using: &random) } }
        }
        let (keys, values) = (vectors(), vectors())
        let query = (0..<width).map { _ in Float.random(in: -2...2, using: &random) }
        let result = attend(kernels, keys, values, query, using: &random)
        let plain = attend(.plain, keys, values, query, using: &random)
        #expect(
          result.output.map(\.bitPattern) == plain.output.map(\.bitPattern), "width \(width), \(count) tokens"
        )
        #expect(abs(result.weights.reduce(0, +) - 1) < 1e-5)
        for (value, expected) in zip(result.output, exact(keys, values, query)) {
          #expect(abs(Double(value) - expected) < 0.05, "width \(width), \(count) tokens")
        }
      }
    }
  }

  /// A window of the last tokens, and biases by distance, of which the farthest serve for all that is farther.
  @Test(arguments: InstructionSet.allCases.filter(\.isSupported))
  func windowsAndBiases(_ set: InstructionSet) throws {
    let kernels = try #require(set.kernels)
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for (count, first) in [(1, 0), (5, 4), (16, 15), (17, 16), (40, 3), (40, 16), (70, 37)] {
      func vectors() -> [[Float]] {
        (0..<count).map { _ in (0..<24).map { _ in Float.random(in: -2...2, using: &random) } }
      }
      let (keys, values) = (vectors(), vectors())
      let query = (0..<24).map { _ in Float.random(in: -2...2, using: &random) }
      let distance = Int.random(in: 1...30, using: &random)
      let biases = (0...2 * distance).map { _ in Float.random(in: -3...3, using: &random) }
      let position = Int.random(in: first..<count, using: &random)
      let result = attend(
        kernels, keys, values, query, from: first, biases: (biases, position), using: &random)
      let plain = attend(.plain, keys, values, query, from: first, biases: (biases, position), using: &random)
      #expect(result.output.map(\.bitPattern) == plain.output.map(\.bitPattern), "\(first)..<\(count)")
      let expected = exact(keys, values, query, from: first) { token in
        Double(biases[min(max(token - position, -distance), distance) + distance])
      }
      for (value, expected) in zip(result.output, expected) {
        #expect(abs(Double(value) - expected) < 0.05, "\(first)..<\(count)")
      }
    }
  }

  /// Several queries together have the results that each has alone, weights included.
  @Test(arguments: InstructionSet.allCases.filter(\.isSupported))
  func queriesTogether(_ set: InstructionSet) throws {
    let kernels = try #require(set.kernels)
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for (width, tokens, isCausal) in [(32, 40, true), (17, 20, true), (64, 33, false), (80, 9, false)] {
      for count in 1...AttendingQueries.most where count < tokens {
        let storage = Storage(width: width, tokens: tokens, using: &random)
        func vector() -> [Float] { (0..<width).map { _ in Float.random(in: -2...2, using: &random) } }
        for token in 0..<tokens { unsafe kernels.remember(vector(), vector(), token, storage.cache) }
        let stride = width + 3
        let queries = (0..<count * stride).map { _ in Float.random(in: -2...2, using: &random) }
        let window = Bool.random(using: &random) && isCausal ? Int.random(in: 1...tokens, using: &random) : 0
        let biases = (0..<9).map { _ in Float.random(in: -3...3, using: &random) }
        func run(_ first: Int, _ count: Int) -> [Float] {
          let last = isCausal ? tokens - queries.count / stride + 1 : tokens
          let capacity = AttentionScratch.count(width: width, tokens: tokens, queries: count)
          var scratch = [Float](repeating: .nan, count: capacity)
          var output = [Float](repeating: 0, count: count * width)
          unsafe queries.withUnsafeBufferPointer { queries in
            unsafe biases.withUnsafeBufferPointer { biases in
              let rows = unsafe AttendingQueries(
                queries.baseAddress! + first * stride, stride: stride, count: count, into: &output,
                outputStride: width)
              let keys = unsafe AttendedKeys(
                end: isCausal ? last + first : tokens, isCausal: isCausal, window: window,
                biases: biases.baseAddress! + 4, distance: 4,
                position: isCausal ? last + first - 1 : first)
              unsafe kernels.attend(rows, 0.3, storage.cache, keys, &scratch)
            }
          }
          return output
        }
        let together = run(0, count)
        let alone = (0..<count).flatMap { run($0, 1) }
        #expect(together.map(\.bitPattern) == alone.map(\.bitPattern), "width \(width), \(count) queries")
      }
    }
  }
}
