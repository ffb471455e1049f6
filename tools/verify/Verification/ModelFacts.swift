import Swiftlet
import SwiftletArena
import SwiftletModelFile
import SwiftletTransformer

/// What is known of a model without running it: sizes, and the memory of a run.
public struct ModelFacts: Codable, Sendable {
  /// A named part of the arena.
  public struct Part: Codable, Sendable {
    /// What it is for.
    public let name: String
    /// Where it begins, in bytes.
    public let offset: Int
    /// Its bytes.
    public let bytes: Int
    /// Whether it is in use in each of the four phases: tokenise, encode, decode, detokenise.
    public let phases: [Bool]
  }

  /// The phases of a run, in their order.
  public static let phases = ["text to tokens", "encode", "decode", "tokens to text"]

  /// What the model is for.
  public let task: String
  /// The file's bytes.
  public let fileBytes: Int
  /// Of those, weights and scales.
  public let weightBytes: Int
  /// Of those, the tokenizer.
  public let tokenizerBytes: Int
  /// What the same weights take in float32, each stored once.
  public let floatBytes: Int
  /// The arena's bytes.
  public let arenaBytes: Int
  /// The limits that the arena is planned for: the longest source, or text.
  public let longestSource: Int
  /// The longest target; 0 without one.
  public let longestTarget: Int
  /// The parts of the arena.
  public let parts: [Part]

  /// Reads a file, and plans a run with its default limits.
  init(_ file: borrowing ModelFile) throws(SwiftletError) {
    task = "\(file.architecture.task.name)"
    fileBytes = unsafe file.bytes.count
    weightBytes = file.tensorData.count
    let source = unsafe file.section(.sourceTokenizer).count
    tokenizerBytes = unsafe file.sharesTokenizer ? source : source + file.section(.targetTokenizer).count
    var stored: Set<UInt64> = []
    var floats = 0
    for index in 0..<file.tensorCount {
      let tensor: Tensor
      do { tensor = try file.tensor(at: index) } catch { throw .file(error) }
      if stored.insert(tensor.data).inserted { floats += 4 * tensor.rows * tensor.columns }
      if tensor.bias != 0 { floats += 4 * tensor.rows }
    }
    floatBytes = floats
    let (plan, limits): (MemoryPlan, Limits)
    if file.architecture.task.decodes {
      let layout = try TranslatorLayout(file)
      (plan, limits) = (layout.plan, layout.limits)
    } else {
      let layout = try EmbedderLayout(file)
      (plan, limits) = (layout.plan, layout.limits)
    }
    arenaBytes = plan.size
    longestSource = limits.source
    longestTarget = limits.target
    parts = (0..<plan.count).map { index in
      let part = plan[index]
      return Part(
        name: "\(part.name)", offset: part.offset, bytes: part.size,
        phases: (0..<4).map { part.phases.rawValue & (1 << $0) != 0 })
    }
  }
}
