import SwiftletConversion
import SwiftletSources

extension FuzzTarget {
  /// The files of a Hugging Face directory, converted and run. Of safetensors files there is only the header: see
  /// `WeightlessFile`.
  static let directory = unsafe FuzzTarget(
    "directory", .parts(directoryFiles.count), longest: 1 << 14, seeds: Seeds.directories
  ) {
    (input) throws(BrokenPromise) in
    let parts = unsafe Parts.split(input, directoryFiles.count)
    let weights = unsafe parts.map { unsafe WeightlessFile.bytes(header: $0) }
    unsafe try convert(
      withContents(of: weights) { whole in
        unsafe ScratchFiles.shared.directory(
          zip(directoryFiles, parts).enumerated().map { index, file in
            unsafe (file.0, file.0.hasSuffix(".safetensors") ? whole[index] : file.1)
          })
      })
  }

  /// A text, and the files of tokenizers without `tokenizer.json`.
  static let vocabularies = unsafe FuzzTarget(
    "vocabularies", .parts(6), longest: 1 << 13, seeds: Seeds.vocabularies
  ) {
    (input) throws(BrokenPromise) in
    let parts = unsafe Parts.split(input, 6)
    let names = ["vocab.txt", "vocab.json", "merges.txt", "tokenizer_config.json", "tokenizer.model"]
    let path = unsafe ScratchFiles.shared.directory(Array(zip(names, parts.dropFirst())))
    let section = try attempt { try tokenizerSection(directory: path, size: 300) }
    unsafe try tokenize(section, Array(parts[0]))
  }

  /// A text, and a `tokenizer.json`.
  static let tokenizerJSON = unsafe FuzzTarget(
    "tokenizer-json", .parts(2), longest: 1 << 15, seeds: Seeds.tokenizerJSON
  ) {
    (input) throws(BrokenPromise) in
    let parts = unsafe Parts.split(input, 2)
    let path = unsafe ScratchFiles.shared.file(parts[1])
    let section = try attempt { try tokenizerSection(file: path, language: nil) }
    unsafe try tokenize(section, Array(parts[0]))
  }

  /// A directory of CTranslate2, converted and run.
  static let ctranslate2 = unsafe FuzzTarget(
    "ctranslate2", .parts(5), longest: 1 << 15, seeds: Seeds.ctranslate2
  ) {
    (input) throws(BrokenPromise) in
    let names = [
      "config.json", "shared_vocabulary.json", "source_vocabulary.txt", "target_vocabulary.txt", "model.bin",
    ]
    unsafe try convert(ScratchFiles.shared.directory(Array(zip(names, Parts.split(input, 5)))))
  }
}

/// The files of a directory, in an order that inputs rely on: new ones go before the last.
package let directoryFiles = [
  "tokenizer_config.json", "generation_config.json", "vocab.txt", "vocab.json", "source.spm", "target.spm",
  "tokenizer.json", "modules.json", "sentence_bert_config.json", "1_Pooling/config.json",
  "2_Dense/config.json", "2_Dense/model.safetensors",
  "added_tokens.json", "pytorch_model.bin", "model.safetensors.index.json", "one.safetensors",
  "two.safetensors", "model.safetensors", "config.json",
]
