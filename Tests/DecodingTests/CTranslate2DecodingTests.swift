import SourcesTestSupport
import SwiftletDecoding
import SwiftletFloatReference
import Testing

/// What is chosen with prefixes, suppressed sequences and another end token, against CTranslate2 itself: tiny models
/// with random weights, from `tools/reference/ctranslate2_models.py`.
@Suite struct CTranslate2DecodingTests {
  @Test(arguments: CTranslate2Golden.names) func choosesAsCTranslate2Does(_ name: String) throws {
    let golden = try CTranslate2Golden(name)
    let directory = try TemporaryDirectory()
    try golden.write(to: directory)
    let model = try FloatModel(source: directory.path)
    #expect(golden.decodings.count == 6)
    for decoding in golden.decodings {
      var settings = SearchSettings()
      // No target of CTranslate2's is empty by default.
      settings.minimumTokens = decoding.prefix.isEmpty ? 1 : 0
      let found = try model.hypotheses(
        settings, sources: [golden.source], longest: 12, prefix: decoding.prefix,
        suppressed: decoding.suppressed, endToken: decoding.end)
      #expect(found[0][0].ids == decoding.ids, "\(decoding)")
    }
  }
}
