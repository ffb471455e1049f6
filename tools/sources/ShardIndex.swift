/// The table of a sharded model: which shard holds which tensor.
struct ShardIndex {
  let path: String
  /// Tensor names with their shard, in the order of the table.
  let entries: [(tensor: String, shard: String)]

  init(path: String) throws(SourceError) {
    let index = try JSONFile(path: path).object
    guard case .object(let map) = index["weight_map"] else {
      throw Self.error(path, .index(reason: "weight_map is missing, or not an object"))
    }
    var entries: [(tensor: String, shard: String)] = []
    for member in map.members {
      guard case .string(let shard) = member.value else {
        throw Self.error(path, .index(reason: "weight_map: the shard of \(member.key) is not text"))
      }
      guard Self.isPlain(shard) else { throw Self.error(path, .shardName(shard)) }
      entries.append((member.key, shard))
    }
    self.path = path
    self.entries = entries
  }

  /// Opens every shard of `directory`; each must hold exactly the tensors that the table places there.
  func tensors(
    in directory: String, open: (String) throws(SourceError) -> [SourceTensor]
  ) throws(SourceError) -> [SourceTensor] {
    var shardOf: [[UInt8]: String] = [:]
    var shards: [String] = []
    var seen: Set<String> = []
    for entry in entries {
      shardOf[Array(entry.tensor.utf8)] = entry.shard
      if seen.insert(entry.shard).inserted { shards.append(entry.shard) }
    }
    guard shards.count <= SourceLimits.shards else {
      throw Self.error(
        path,
        .index(
          reason: "weight_map names \(shards.count) shards: at most \(SourceLimits.shards) are read"))
    }
    var tensors: [SourceTensor] = []
    for shard in shards {
      for tensor in try open("\(directory)/\(shard)") {
        guard shardOf.removeValue(forKey: Array(tensor.name.utf8)) == shard else {
          throw Self.error(path, .notInIndex(tensor: tensor.name, shard: shard))
        }
        tensors.append(tensor)
      }
    }
    // What is left was promised by the table, but no shard had it.
    if let entry = entries.first(where: { shardOf[Array($0.tensor.utf8)] != nil }) {
      throw Self.error(path, .missingFromShard(tensor: entry.tensor, shard: entry.shard))
    }
    return tensors
  }

  /// A shard lies beside its index: its name may not lead elsewhere.
  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }

  private static func error(_ path: String, _ problem: SafetensorsError.Problem) -> SourceError {
    .safetensors(SafetensorsError(file: path, problem: problem))
  }
}
