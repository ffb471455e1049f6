import SwiftletTokenizers

/// A model's own tokens of texts.
@safe final class CalibrationTokens {
  private let section: UnsafeMutableRawBufferPointer
  private let tokenizer: Tokenizer
  private let longest: Int

  /// - Parameters:
  ///   - section: a tokenizer section of a model file.
  ///   - longest: the most tokens that the model reads.
  init(section bytes: [UInt8], longest: Int) throws(TokenizerError) {
    unsafe section = .allocate(byteCount: bytes.count, alignment: 64)
    unsafe section.copyBytes(from: bytes)
    self.longest = longest
    do throws(TokenizerError) {
      tokenizer = try unsafe Tokenizer(section: UnsafeRawBufferPointer(section))
    } catch {
      unsafe section.deallocate()
      throw error
    }
  }

  deinit { unsafe section.deallocate() }

  /// The tokens of a text, with those of the template; nil if there are none, or too many.
  func callAsFunction(_ text: String) throws(TokenizerError) -> [Int]? {
    let bytes = Array(text.utf8)
    let need = tokenizer.scratch(forTextBytes: bytes.count)
    var ids = [UInt32](repeating: 0, count: longest)
    var normalized = [UInt8](repeating: 0, count: need.normalizedBytes)
    var lattice = [LatticeNode](repeating: LatticeNode(), count: need.latticeNodes)
    do throws(TokenizerError) {
      let count = try Self.encode(bytes, tokenizer, &ids, &normalized, &lattice)
      return count > tokenizer.templateTokens ? ids[..<count].map { Int($0) } : nil
    } catch {
      if case .tooManyIDs = error { return nil }
      throw error
    }
  }

  private static func encode(
    _ text: [UInt8], _ tokenizer: Tokenizer, _ ids: inout [UInt32], _ normalized: inout [UInt8],
    _ lattice: inout [LatticeNode]
  ) throws(TokenizerError) -> Int {
    var ids = ids.mutableSpan
    var normalized = normalized.mutableSpan
    var lattice = lattice.mutableSpan
    return try tokenizer.encode(text.span, into: &ids, normalized: &normalized, lattice: &lattice)
  }
}
