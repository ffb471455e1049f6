import Foundation
import SourcesTestSupport
import Swiftlet
import SwiftletConversion
import SwiftletKernelSelection
import SwiftletModelFile
import SwiftletPlatform

/// A directory with a model of a few thousand numbers.
func tinyDirectory(_ model: TinyMarian = TinyMarian()) throws -> TemporaryDirectory {
  let directory = try TemporaryDirectory()
  try model.writeWithText(to: directory)
  return directory
}

/// What the converter makes of a tiny model, in bytes.
func tinyModel(group: Int = 64, _ model: TinyMarian = TinyMarian()) throws -> ModelBytes {
  let directory = try tinyDirectory(model)
  var options = QuantizationOptions()
  options.group = group
  let target = "\(directory.path)/model.swiftlet"
  _ = try Converter.convert(directory.path, to: target, options)
  return ModelBytes([UInt8](try Data(contentsOf: URL(fileURLWithPath: target))))
}

/// The bytes of a file, to be changed field by field.
struct ModelBytes {
  var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// A little-endian number at a file offset.
  subscript<Number: FixedWidthInteger>(offset: Int, as type: Number.Type) -> Number {
    get {
      (0..<MemoryLayout<Number>.size).reduce(0) {
        $0 | Number(truncatingIfNeeded: bytes[offset + $1]) << ($1 * 8)
      }
    }
    set {
      for byte in 0..<MemoryLayout<Number>.size {
        bytes[offset + byte] = UInt8(truncatingIfNeeded: newValue >> (byte * 8))
      }
    }
  }

  /// The directory's entries as they are: place of the entry, kind, range.
  var sections: [(entry: Int, kind: UInt32, range: Range<Int>)] {
    (0..<Int(self[32, as: UInt32.self])).map { index in
      let entry = 64 + 32 * index
      let offset = Int(self[entry + 8, as: UInt64.self])
      return (entry, self[entry, as: UInt32.self], offset..<offset + Int(self[entry + 16, as: UInt64.self]))
    }
  }

  /// Where the section of a kind lies.
  func section(_ kind: SectionKind) -> Range<Int> { sections.first { $0.kind == kind.rawValue }!.range }

  /// Where the directory's entry for a kind begins.
  func entry(_ kind: SectionKind) -> Int { sections.first { $0.kind == kind.rawValue }!.entry }

  /// States the true size and checksum, so that what is wrong is seen behind them.
  mutating func repair() {
    self[16, as: UInt64.self] = UInt64(bytes.count)
    var hash = XXH64()
    unsafe bytes.withUnsafeBytes { unsafe hash.update(UnsafeRawBufferPointer(rebasing: $0[32...])) }
    self[24, as: UInt64.self] = hash.value
  }

  /// A copy with a change and a right checksum.
  func changed(_ change: (inout ModelBytes) -> Void) -> ModelBytes {
    var copy = self
    change(&copy)
    copy.repair()
    return copy
  }
}

/// A model as a file.
struct ModelOnDisk {
  let path: String

  init(_ model: ModelBytes) throws {
    path = try TemporaryDirectory().write(model.bytes, to: "model.swiftlet")
  }

  /// Why the reader refuses it; nil if it does not.
  func refusal() -> ModelFileError? {
    do throws(ModelFileError) {
      _ = unsafe try ModelFile(path: path)
      return nil
    } catch {
      return error
    }
  }

  /// Opens it, and if that works translates some texts. Returns whether it opened.
  func exercise() -> Bool {
    guard let kernels = InstructionSet.fastest.kernels else { return false }
    do throws(SwiftletError) {
      var translator = unsafe try Translator(
        path: path, source: nil, target: nil, kernels: kernels, budget: 1 << 28)
      for text in ["ab c", "é a", ""] {
        do throws(SwiftletError) { try translator.translate(text.utf8.span, maximumTokens: 3) } catch {}
      }
      return true
    } catch {
      return false
    }
  }
}

/// Why the reader refuses these bytes, in words; "accepted" if it does not.
func refusal(_ model: ModelBytes) throws -> String {
  try ModelOnDisk(model).refusal()?.description ?? "accepted"
}
