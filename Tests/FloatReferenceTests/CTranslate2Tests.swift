import Foundation
import SourcesTestSupport
import SwiftletFamilies
import SwiftletFloatReference
import SwiftletModelFile
import Testing

/// Models in CTranslate2's format against CTranslate2 itself: tiny ones with random weights, from
/// `tools/reference/ctranslate2_models.py`.
@Suite struct CTranslate2Tests {
  @Test(arguments: CTranslate2Golden.names) func scoresAsCTranslate2Does(_ name: String) throws {
    let golden = try CTranslate2Golden(name)
    let directory = try TemporaryDirectory()
    try golden.write(to: directory)
    let model = try FloatModel(source: directory.path)
    var session = FloatSession(model)
    let forced = try session.teacherForced(source: golden.source, target: golden.target)
    var error: Float = 0
    for (place, token) in golden.target.enumerated() {
      error = max(error, abs(forced.logProbabilities[place][token] - golden.scores[place]))
    }
    print("\(name): largest difference from CTranslate2 \(error)")
    #expect(error < 1e-4)
    let tokens = try ModelImporter.load(directory.path).tokens
    #expect(tokens?.target.count == model.architecture.targetVocabulary && tokens?.unknown == 0)
    #expect(tokens?.source.count == model.architecture.sourceVocabulary)
    #expect((model.architecture.positionEncoding == .interleaved) == (name == "opennmt"))
  }
}
