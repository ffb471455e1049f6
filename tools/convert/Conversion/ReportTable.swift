import Foundation
import SwiftletModelFile

/// The table at the end of a conversion: a row for each kind of tensor, and the totals.
public struct ReportTable {
  private let report: ConversionReport
  private let path: String

  /// The table of a report about the file at `path`.
  public init(_ report: ConversionReport, path: String) {
    self.report = report
    self.path = path
  }

  /// The table, in lines.
  public var text: String {
    let isCalibrated = report.tensors.contains { $0.gain != nil }
    var lines = [Self.line("tensors", "count", "float32 bytes", "bytes", "SQNR dB worst", "mean")]
    if isCalibrated { lines[0] += Self.calibrated("group", "mapped", "output dB", "plain") }
    var kinds: [String] = []
    for tensor in report.tensors where !kinds.contains(kind(tensor)) { kinds.append(kind(tensor)) }
    for name in kinds { lines.append(row(name, report.tensors.filter { kind($0) == name })) }
    lines.append(row("all tensors", report.tensors))
    lines.append("")
    let floats = report.tensors.reduce(0) { $0 + $1.floatBytes }
    let ratio = String(format: "%.2f", Double(floats) / Double(report.fileBytes))
    lines.append(
      "\(path): \(report.fileBytes) bytes with tokenizer, \(ratio) times smaller than float32 weights alone")
    return lines.joined(separator: "\n") + "\n"
  }

  private func kind(_ tensor: ConvertedTensor) -> String {
    let stack = tensor.tensor.name.stack == .shared ? "" : "\(tensor.tensor.name.stack) "
    return stack + tensor.tensor.name.part.text.description
  }

  private func row(_ name: String, _ tensors: [ConvertedTensor]) -> String {
    let decibels = tensors.compactMap(\.error?.decibels).filter(\.isFinite)
    let worst = decibels.min().map { String(format: "%.1f", $0) } ?? "-"
    let mean = decibels.isEmpty ? "-" : String(format: "%.1f", decibels.reduce(0, +) / Double(decibels.count))
    return Self.line(
      name, "\(tensors.count)", "\(tensors.reduce(0) { $0 + $1.floatBytes })",
      "\(tensors.reduce(0) { $0 + $1.bytes })", worst, mean) + calibrated(tensors)
  }

  /// What was chosen, and the signal-to-noise ratio of outputs over the calibration text: calibrated, and by plain rounding.
  private func calibrated(_ tensors: [ConvertedTensor]) -> String {
    let gains = tensors.compactMap(\.gain)
    guard !gains.isEmpty else { return "" }
    let matrices = tensors.filter { $0.gain != nil }
    let groups = Set(matrices.map(\.tensor.group)).sorted().map { $0 == 0 ? "row" : "\($0)" }
    let gain = CalibrationGain.mean(gains)
    return Self.calibrated(
      groups.joined(separator: ","), "\(matrices.count { $0.tensor.inputs != 0 })",
      String(format: "%.1f", gain.decibelsAfter), String(format: "%.1f", gain.decibelsBefore))
  }

  private static func calibrated(_ cells: String...) -> String {
    zip(cells, [7, 6, 9, 6]).map { cell, width in
      " " + String(repeating: " ", count: max(0, width - cell.count)) + cell
    }.joined()
  }

  private static func line(_ cells: String...) -> String {
    let widths = [34, 6, 14, 10, 14, 6]
    return zip(cells, widths).enumerated().map { index, cell in
      let padding = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
      return index == 0 ? cell.0 + padding : padding + cell.0
    }.joined(separator: " ")
  }
}
