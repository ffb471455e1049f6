import Foundation

/// A whole number with commas between thousands: 7,781,760.
func grouped(_ number: Int) -> String {
  var digits = String(number.magnitude)
  var groups: [String] = []
  while digits.count > 3 {
    groups.insert(String(digits.suffix(3)), at: 0)
    digits.removeLast(3)
  }
  return (number < 0 ? "−" : "") + ([digits] + groups).joined(separator: ",")
}

/// A number with so many decimals; a dash where there is none.
func fixed(_ value: Double, _ decimals: Int) -> String {
  guard value.isFinite else { return value.isNaN ? "–" : value < 0 ? "−∞" : "∞" }
  let text = String(format: "%.\(decimals)f", value)
  let isZero = text.allSatisfy { "-0.".contains($0) }  // −0.001 is 0.00, not −0.00.
  return text.replacingOccurrences(of: "-", with: isZero ? "" : "−")
}

/// A small number as 1.3 · 10⁻⁴.
func scientific(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0" : "–" }
  let exponent = Int(floor(log10(abs(value))))
  if (-2...3).contains(exponent) { return fixed(value, max(0, 3 - exponent)) }
  return "\(fixed(value / pow(10, Double(exponent)), 2)) · \(powerOfTen(exponent))"
}

/// A text whose numbers like 1.3e-04 are set as 1.3 · 10⁻⁴.
func typeset(_ text: String) -> String {
  text.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
    guard let value = Double(word), word.contains("e") else { return String(word) }
    return scientific(value)
  }.joined(separator: " ")
}

/// 10⁻⁴.
func powerOfTen(_ exponent: Int) -> String {
  let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
  let raised = String(exponent.magnitude).compactMap { $0.wholeNumberValue }.map { digits[$0] }
  return "10" + (exponent < 0 ? "⁻" : "") + String(raised)
}

/// Bytes in words: 7.8 MB.
func bytes(_ count: Int) -> String {
  if count < 10_000 { return "\(grouped(count)) B" }
  return count < 1_000_000 ? "\(grouped((count + 500) / 1000)) KB" : "\(fixed(Double(count) / 1e6, 2)) MB"
}
