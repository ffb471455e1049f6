import SourcesTestSupport
import Swiftlet
import SwiftletConversion
import SwiftletDecoding
import SwiftletFloatReference
import SwiftletModelFile
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

  /// Models whose tokens are characters: the converter once left out what stands around each source.
  @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
  func sourcesAreSurroundedAsTheConfigurationSays(begins: Bool, ends: Bool) throws {
    let directory = try TemporaryDirectory()
    try CTranslate2Golden("int8-tied").write(to: directory)
    let tokens = ["<unk>", "<s>", "</s>"] + "abcdefghijklmnopqrst".map { String($0) }
    try directory.write("\(tokens)", to: "shared_vocabulary.json")
    try directory.write(
      "{\"add_source_bos\": \(begins), \"add_source_eos\": \(ends)}", to: "config.json")
    let path = "\(directory.path)/model.swiftlet"
    _ = try Converter.convert(directory.path, to: path)
    var tokenizer = try TextTokenizer(unsafe ModelFile(path: path), target: false, longest: 8)
    try tokenizer.encode("cab\u{E9}".utf8.span)
    let ids = (0..<tokenizer.ids.count).map { tokenizer.ids[$0] }
    #expect(ids == (begins ? [1] : []) + [5, 3, 4, 0] + (ends ? [2] : []))
  }
}
