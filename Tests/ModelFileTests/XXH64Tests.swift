import Foundation
import SourcesTestSupport
import SwiftletModelFile
import Testing

/// The checksum, against the `xxhash` package's numbers (tools/reference/xxh64.py).
@Suite struct XXH64Tests {
  private struct Golden: Decodable {
    struct Text: Decodable {
      let text: String
      let hash: String
    }
    struct Length: Decodable {
      let length: Int
      let hash: String
    }
    let texts: [Text]
    let lengths: [Length]
  }

  private static let golden = Result {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/xxh64.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }

  private func hash(_ parts: ArraySlice<UInt8>...) -> UInt64 {
    var hash = XXH64()
    for part in parts { unsafe part.withUnsafeBytes { unsafe hash.update($0) } }
    return hash.value
  }

  private func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: ($0 * 2_654_435_761) >> 24) }
  }

  @Test func publishedVectors() {
    #expect(hash([]) == 0xEF46_DB37_51D8_E999)
    #expect(hash(Array("a".utf8)[...]) == 0xD24E_C4F1_A98C_6E5B)
    #expect(hash(Array("Nobody inspects the spammish repetition".utf8)[...]) == 0xFBCE_A83C_8A37_8BF1)
  }

  @Test func agreesWithThePackage() throws {
    let golden = try Self.golden.get()
    #expect(golden.texts.count >= 6 && golden.lengths.count > 100)
    for wanted in golden.texts {
      #expect(hash(Array(wanted.text.utf8)[...]) == UInt64(wanted.hash, radix: 16))
    }
    for wanted in golden.lengths {
      #expect(hash(pattern(wanted.length)[...]) == UInt64(wanted.hash, radix: 16), "\(wanted.length) bytes")
    }
  }

  @Test func partsAreAsGoodAsTheWhole() {
    let bytes = pattern(200)
    for count in 0...200 {
      let whole = hash(bytes[..<count])
      for split in 0...count { #expect(hash(bytes[..<split], bytes[split..<count]) == whole) }
    }
    var numbers = Seeded(1, test: #function)
    for _ in 0..<200 {
      var hasher = XXH64()
      var place = 0
      while place < bytes.count {
        let end = min(bytes.count, place + Int.random(in: 0...40, using: &numbers))
        unsafe bytes[place..<end].withUnsafeBytes { unsafe hasher.update($0) }
        place = end
      }
      #expect(hasher.value == hash(bytes[...]))
    }
  }

  @Test func numbersAreTakenAsLittleEndianBytes() {
    var hasher = XXH64()
    hasher.update(0x0403_0201)
    #expect(hasher.value == hash([1, 2, 3, 4]))
  }
}
