import Swiftlet
import SwiftletKernelSelection
import SwiftletModelFile
import SwiftletPlatform

/// A model's bytes in memory, edited in place, and opened and run again and again.
@safe final class ModelInMemory {
  /// The bytes, at a multiple of 64.
  let bytes: UnsafeMutableRawBufferPointer

  init(_ model: [UInt8]) {
    unsafe bytes = .allocate(byteCount: model.count, alignment: 64)
    unsafe bytes.copyBytes(from: model)
  }

  deinit { unsafe bytes.deallocate() }

  private func file(_ count: Int) -> MappedFile {
    unsafe MappedFile(memory: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
  }

  /// Flips a bit.
  func flip(_ place: Int, _ bit: UInt8) { unsafe bytes[place] ^= bit }

  /// States size and checksum of the first `count` bytes.
  func repair(_ count: Int) {
    unsafe bytes.storeBytes(of: UInt64(count).littleEndian, toByteOffset: 16, as: UInt64.self)
    var hash = XXH64()
    unsafe hash.update(UnsafeRawBufferPointer(rebasing: bytes[Header.checksumStart..<count]))
    unsafe bytes.storeBytes(of: hash.value.littleEndian, toByteOffset: 24, as: UInt64.self)
  }

  /// Why the reader refuses the first `count` bytes; nil if it does not.
  func refusal(_ count: Int? = nil) -> ModelFileError? {
    defer { withExtendedLifetime(self) {} }
    do throws(ModelFileError) {
      _ = unsafe try ModelFile(file(count ?? bytes.count))
      return nil
    } catch { return error }
  }

  /// Opens the model, and if that works runs it over some texts. Returns whether it opened: all that goes wrong later is
  /// a typed error.
  func exercise() -> Bool {
    defer { withExtendedLifetime(self) {} }
    do throws(ModelFileError) {
      let file = unsafe try ModelFile(file(bytes.count))
      // Opened as a file; whether it runs, tokenizers and memory say.
      do throws(SwiftletError) {
        if file.architecture.task.decodes { try Self.decode(file) } else { try Self.encode(file) }
      } catch {}
      return true
    } catch { return false }
  }

  private static let texts: [[UInt8]] = ["ab c", "é a", ""].map { Array($0.utf8) }
  /// The most memory that a run may ask for.
  private static let budget = 1 << 26

  private static func decode(_ file: consuming ModelFile) throws(SwiftletError) {
    var translator = try Translator(file, source: 8, target: 8, budget: budget)
    for text in texts {
      do throws(SwiftletError) { try translator.translate(text.span, maximumTokens: 3) } catch {}
    }
  }

  private static func encode(_ file: consuming ModelFile) throws(SwiftletError) {
    let architecture = file.architecture
    var embedder = try Embedder(file, longest: 8, budget: budget)
    for text in texts {
      do throws(SwiftletError) {
        if architecture.task == .vectors {
          try embedder.embed(text.span, pooling: .mean, truncates: true)
        } else {
          try embedder.encode(text.span, truncates: true)
          embedder.runHead()
        }
      } catch {}
    }
  }
}
