/// Compares int8 models with the float reference, some lines at a time.
protocol Comparison {
  /// Compares on `lines`, the first of which is number `first` + 1 of the text, and adds to each model's report.
  func run(_ lines: ArraySlice<VerificationText.Line>, _ reports: inout [Report]) throws
}
