/// The three uses of an embedding table, and which tensor serves each: they may share one.
struct EmbeddingTables {
  let encoder: SourceTensor
  let decoder: SourceTensor
  let projection: SourceTensor

  private static let shared = "model.shared.weight"
  private static let encoder = "model.encoder.embed_tokens.weight"
  private static let decoder = "model.decoder.embed_tokens.weight"
  private static let head = "lm_head.weight"

  init(_ configuration: MarianConfiguration, _ parts: inout PartFinder) throws(SourceError) {
    let source = [configuration.sourceVocabulary, configuration.width]
    let target = [configuration.targetVocabulary, configuration.width]
    let tiedHead = configuration.tiesProjection ? [Self.head] : []
    if configuration.sharesEmbeddings {
      let table = try parts.shared([Self.shared, Self.encoder, Self.decoder] + tiedHead, source)
      encoder = table
      decoder = table
    } else {
      encoder = try parts.take(Self.encoder, source)
      decoder = try parts.shared([Self.decoder] + tiedHead, target)
    }
    projection = configuration.tiesProjection ? decoder : try parts.take(Self.head, target)
  }
}
