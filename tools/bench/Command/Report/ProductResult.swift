/// One product with a `rows` × `columns` matrix.
struct ProductResult: Measured {
  let setting: Setting
  let rows: Int
  let columns: Int
  /// Inputs that share a scale; 0 for a whole row.
  let group: Int
  let tokens: Int
  let microseconds: Double
  /// Weights read, with their scales.
  let gigabytesPerSecond: Double
  /// A multiplication and an addition count 2.
  let gigaoperationsPerSecond: Double
  /// Of what multiplying in registers reaches, measured right before.
  let percentOfPeak: Double?

  static let part = "products"
  static let title = "Products, inputs quantised beforehand"
  static var columns: [Column<Self>] {
    Setting.columns { $0.setting } + [
      Column("rows", "rows") { .count($0.rows) },
      Column("columns", "columns") { .count($0.columns) },
      Column("group", "group") { .count($0.group) },
      Column("tokens", "tokens") { .count($0.tokens) },
      Column("microseconds", "µs") { .number($0.microseconds, decimals: 2) },
      Column("gigabytes_per_second", "GB/s") { .number($0.gigabytesPerSecond, decimals: 1) },
      Column("gigaoperations_per_second", "Gop/s") { .number($0.gigaoperationsPerSecond, decimals: 0) },
      Column("percent_of_peak", "of the peak") { .percent($0.percentOfPeak) },
    ]
  }
}
