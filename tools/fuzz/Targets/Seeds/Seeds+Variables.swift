import SourcesTestSupport

/// Files of CTranslate2 in each version and with variables of each type: what a whole model has only some of.
extension Seeds {
  private static let square: [UInt8] = [1, 2, 3, 4]

  static func variables() throws -> [[UInt8]] {
    let files = scaled + scalars + broken
    let early = try [2, 3, 4, 5].map { version in
      let directory = try TemporaryDirectory()
      try CTranslate2Golden("int8-post-norm").write(to: directory, version: version)
      return Parts.join(
        [file("config.json", in: directory), file("shared_vocabulary.json", in: directory), [], []]
          + [file("model.bin", in: directory)])
    }
    return files.map { Parts.join([[], [], [], [], $0]) } + early
  }

  /// Matrices of integers, with every form of scale and without.
  private static var scaled: [[UInt8]] {
    let scale = SafetensorsBytes.littleEndian(Float(2).bitPattern)
    let forms: [(CTranslate2Bytes.Kind, [Int], [UInt8])] = [
      (.float32, [], scale), (.float32, [1], scale), (.float32, [2], scale + scale),
      (.float32, [3], scale + scale + scale),
      (.float16, [1], [0, 0x40]),
    ]
    let matrix = CTranslate2Bytes.Variable("m", .int8, [2, 2], square)
    return forms.map { kind, shape, bytes in
      CTranslate2Bytes.file(
        version: 6, [matrix, .init("m_scale", kind, shape, bytes)], aliases: [("n", "m")])
    } + [
      CTranslate2Bytes.file(version: 6, [matrix]),
      CTranslate2Bytes.file(version: 2, [.init("m", .int16, [1, 2], square)]),
    ]
  }

  /// A number of each type.
  private static var scalars: [[UInt8]] {
    let kinds: [CTranslate2Bytes.Kind] = [.float32, .int8, .int16, .int32, .float16, .bfloat16]
    return [
      CTranslate2Bytes.file(
        version: 6,
        kinds.map { kind in
          .init("encoder/\(kind)", kind, [], Array(square.prefix([4, 1, 2, 4, 2, 2][Int(kind.rawValue)])))
        })
    ]
  }

  /// What no file may have.
  private static var broken: [[UInt8]] {
    let one = CTranslate2Bytes.Variable("a", .int8, [], [1])
    func file(_ variables: [CTranslate2Bytes.Variable], _ aliases: [(String, String)] = []) -> [UInt8] {
      CTranslate2Bytes.file(version: 6, variables, aliases: aliases.map { (name: $0.0, of: $0.1) })
    }
    return [
      file([one, one]), file([one], [("a", "a")]), file([one], [("b", "c")]), file([one]) + [0],
      file([.init(String(repeating: "n", count: 5000), .int8, [], [1])]),
      file([.init("a", .int8, Array(repeating: 1, count: 20), [1])]),
      file([.init("a", .int8, Array(repeating: 0xFFFF_FFFF, count: 3), [1])]),
      file([.init("a", .int32, [0x4000_0000, 1], [])]), file([.init("a", .int8, [0, 3], [])]),
    ]
  }
}
