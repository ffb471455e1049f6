/// What a run varies: every result of a model is listed under its setting.
struct Setting {
  /// The model's name.
  let model: String
  /// The instruction set.
  let kernel: String

  /// The columns of a result's setting.
  static func columns<Row>(of setting: @escaping (Row) -> Setting) -> [Column<Row>] {
    [
      Column("model", "model") { .text(setting($0).model) },
      Column("kernel", "kernels") { .text(setting($0).kernel) },
    ]
  }
}
