extension String {
  /// The text as one line of at most some 1,000 characters, whatever names a file puts into it: control and
  /// formatting characters are written as `\u{…}`.
  package var oneLine: String {
    var line = ""
    for scalar in unicodeScalars.prefix(1000) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        line += "\\u{\(String(scalar.value, radix: 16))}"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return unicodeScalars.count > 1000 ? line + "…" : line
  }
}
