import Foundation
import SourcesTestSupport
import Testing

/// `swiftlet-convert`: whole files or none, whatever goes wrong.
@Suite(.serialized) struct ConvertTests {
  private func convert(_ source: String, to target: String, _ options: [String] = []) throws -> Finished {
    try run(Programs.converter, [source, "-o", target, "--quiet"] + options)
  }

  private func tinySource(_ model: TinyMarian = TinyMarian()) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try model.writeWithText(to: directory)
    return directory
  }

  /// Names in a directory.
  private func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  /// Expects a failure that leaves one line, the old target, and nothing else.
  private func expectFailure(
    _ complaint: String, source: String, line: SourceLocation = #_sourceLocation
  ) throws {
    let directory = try TemporaryDirectory()
    let target = try directory.write("old", to: "model.swiftlet")
    let finished = try convert(source, to: target)
    #expect(finished.status == 1, sourceLocation: line)
    #expect(finished.complaints.count == 1, "\(finished.errors)", sourceLocation: line)
    #expect(finished.errors.hasPrefix("swiftlet-convert: error: "), sourceLocation: line)
    #expect(finished.errors.contains(complaint), "\(finished.errors)", sourceLocation: line)
    #expect(try names(directory.path) == ["model.swiftlet"], sourceLocation: line)
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "old", sourceLocation: line)
  }

  @Test func theTableAndTheFileAreThere() throws {
    let source = try tinySource()
    let target = "\(source.path)/model.swiftlet"
    let finished = try run(
      Programs.converter, [source.path, "-o", target, "--name", "tiny", "--license", "CC0"])
    #expect(finished.status == 0 && finished.errors == "")
    #expect(finished.text.contains("all tensors") && finished.text.contains(target))
    let info = try swiftlet(["info", target]).text
    #expect(info.contains("name=tiny\n") && info.contains("license=CC0\n"))
    #expect(try swiftlet(["translate", target, "ab c"]).status == 0)
    // Converting again replaces it.
    let first = try Data(contentsOf: URL(fileURLWithPath: target))
    #expect(try convert(source.path, to: target, ["--group", "32"]).status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: target)) != first)
  }

  @Test func calibrationIsReported() throws {
    let source = try tinySource()
    let target = "\(source.path)/model.swiftlet"
    let text = try source.write("a b c\nabc cab\nbca\n", to: "calibration.txt")
    let finished = try run(Programs.converter, [source.path, "-o", target, "--calibrate", text])
    #expect(finished.status == 0 && finished.errors == "", "\(finished.errors)")
    #expect(finished.text.contains("output dB"))
    #expect(try swiftlet(["translate", target, "ab c"]).status == 0)
    let empty = try source.write("", to: "empty.txt")
    let failed = try convert(source.path, to: target, ["--calibrate", empty])
    #expect(failed.status == 1)
    #expect(
      failed.errors == "swiftlet-convert: error: calibration text \(empty): no line has anything in it\n")
  }

  @Test(arguments: [
    (["a"], "no -o FILE given"), (["-o", "b"], "no SOURCE given"),
    (["a", "b", "-o", "c"], "unexpected argument b"),
    (["a", "-o"], "-o needs a value"),
    (["a", "-o", "b", "--group", "16"], "--group is 16, must be row, 64 or 32"),
    (["a", "-o", "b", "--offset", "some"], "--offset is some, must be all, inner or none"),
    (["a", "-o", "b", "--calibrate"], "--calibrate needs a value"),
    (["a", "-o", "b", "--wings"], "unknown option --wings"),
    (["a", "-o", "b", "--name", "x\ny"], "--name has a line break"),
  ])
  func wrongUsageIsSaid(arguments: [String], complaint: String) throws {
    let finished = try run(Programs.converter, arguments)
    #expect(
      finished.complaints == [
        "swiftlet-convert: error: \(complaint)", "swiftlet-convert: try swiftlet-convert --help",
      ])
    #expect(finished.status == 2)
  }

  @Test(arguments: ["config.json", "model.safetensors", "vocab.json", "source.spm", "target.spm"])
  func everyFileIsNeeded(name: String) throws {
    let source = try tinySource()
    try FileManager.default.removeItem(atPath: "\(source.path)/\(name)")
    try expectFailure(name, source: source.path)
    try source.write([], to: name)
    try expectFailure(name, source: source.path)
    try source.write("\u{1}{]", to: name)
    try expectFailure(name, source: source.path)
  }

  @Test func whatIsRefusedIsNamed() throws {
    try expectFailure("/nonexistent/config.json", source: "/nonexistent")
    let source = try tinySource()
    let text = TinyMarian().configuration
    for (old, new, complaint) in [
      ("\"marian\"", "\"rwkv\"", "model_type \"rwkv\" is not supported (only albert, bart"),
      ("\"relu\"", "\"gelu\"", "activation_function"), ("\"d_model\": 12", "\"d_model\": 13", "d_model"),
      ("\"vocab_size\": 11", "\"vocab_size\": 12", "12"),
      ("\"encoder_layers\": 2", "\"encoder_layers\": 3", "layers.2"),
      ("\"d_model\": 12", "\"d_model\": 12, \"mystery\": 1", "mystery"),
    ] {
      try source.write(text.replacingOccurrences(of: old, with: new), to: "config.json")
      try expectFailure(complaint, source: source.path)
    }
  }

  @Test(arguments: [Float.nan, .infinity])
  func weightsMustBeFinite(value: Float) throws {
    for name in [
      "model.decoder.layers.0.fc2.weight", "model.decoder.layers.0.fc2.bias",
      "model.decoder.layers.0.final_layer_norm.weight",
    ] {
      var model = TinyMarian()
      var tensor = try #require(model.tensors[name])
      tensor.bytes.replaceSubrange(20..<24, with: SafetensorsBytes.littleEndian(value.bitPattern))
      model.tensors[name] = tensor
      try expectFailure("tensor \(name) has \(value) at index 5", source: try tinySource(model).path)
    }
  }

  @Test func theTableMustBeWritable() throws {
    let source = try tinySource()
    let target = "\(source.path)/model.swiftlet"
    let full = try run(Programs.converter, [source.path, "-o", target], output: "/dev/full")
    #expect(full.complaints == ["swiftlet-convert: error: standard output: No space left on device"])
    #expect(full.status == 1)
    let command = "'\(Programs.converter)' '\(source.path)' -o '\(target)' | true; exit ${PIPESTATUS[0]}"
    let gone = try run("/bin/bash", ["-c", command])
    #expect(gone.errors == "" && (0...1).contains(gone.status))
    let closed = try run(
      "/bin/bash", ["-c", "'\(Programs.converter)' '\(source.path)' -o '\(target)' >&- 2>&-"])
    #expect(closed.status == 1)
    // The file itself is whole.
    #expect(try swiftlet(["info", target]).status == 0)
  }

  @Test func theTargetMustBeWritable() throws {
    let source = try tinySource()
    let missing = try convert(source.path, to: "\(source.path)/no/model.swiftlet")
    #expect(
      missing.complaints == [
        "swiftlet-convert: error: cannot create \(source.path)/no/model.swiftlet: No such file or directory"
      ])
    #expect(missing.status == 1)
    for target in ["/dev/null", source.path] {
      let finished = try convert(source.path, to: target)
      #expect(finished.complaints == ["swiftlet-convert: error: cannot create \(target): Not a regular file"])
      #expect(finished.status == 1)
    }
    #expect(try names(source.path).filter { $0.contains("tmp") } == [])
  }

  @Test func aReadOnlyDirectoryIsAnError() throws {
    let source = try tinySource()
    let directory = try TemporaryDirectory()
    unsafe chmod(directory.path, 0o555)
    defer { unsafe chmod(directory.path, 0o755) }
    let target = "\(directory.path)/model.swiftlet"
    let finished: Finished
    if geteuid() != 0 {
      finished = try convert(source.path, to: target)
    } else if let nobody = try asNobody(source.path, target) {
      finished = nobody
    } else {
      // Root may write anywhere but into the kernel's own tables.
      #expect(try convert(source.path, to: "/proc/model.swiftlet").status == 1)
      return
    }
    #expect(finished.complaints == ["swiftlet-convert: error: cannot create \(target): Permission denied"])
    #expect(finished.status == 1)
    #expect(try names(directory.path) == [])
  }

  /// Converts as a user who is not root, if the system lets that user read the program and the source.
  private func asNobody(_ source: String, _ target: String) throws -> Finished? {
    let finished = try run(
      "/usr/bin/env",
      ["setpriv", "--reuid=65534", "--clear-groups", Programs.converter, source, "-o", target, "--quiet"])
    return finished.errors.hasPrefix("swiftlet-convert: error: cannot create") ? finished : nil
  }

  /// With a limit on the size of files, and on a file system that is full.
  @Test func aFullDiskLeavesTheOldFile() throws {
    let directory = try TemporaryDirectory()
    let target = try directory.write("old", to: "model.swiftlet")
    // 1,024 blocks of 1,024 bytes (bash) of some 7 MiB; 1 block fails at once.
    for blocks in [1, 1024] {
      let finished = try run(
        "/bin/bash",
        [
          "-c", "ulimit -f \(blocks); exec \"$@\"", "bash", Programs.converter, enFrSource, "-o", target,
          "--quiet",
        ])
      #expect(finished.complaints == ["swiftlet-convert: error: cannot write \(target): File too large"])
      #expect(finished.status == 1)
      #expect(try names(directory.path) == ["model.swiftlet"])
      #expect(try String(contentsOfFile: target, encoding: .utf8) == "old")
    }
  }

  @Test(.enabled(if: canMount))
  func aFullFileSystemLeavesTheOldFile() throws {
    let directory = try TemporaryDirectory()
    #expect(
      try run("/usr/bin/env", ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", directory.path]).status == 0)
    defer { _ = try? run("/usr/bin/env", ["umount", directory.path]) }
    let target = try directory.write("old", to: "model.swiftlet")
    let finished = try convert(enFrSource, to: target)
    #expect(
      finished.complaints == ["swiftlet-convert: error: cannot write \(target): No space left on device"])
    #expect(finished.status == 1)
    #expect(try names(directory.path) == ["model.swiftlet"])
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "old")
  }

  private static let canMount: Bool = {
    guard geteuid() == 0, let directory = try? TemporaryDirectory().path else { return false }
    guard let mounted = try? run("/usr/bin/env", ["mount", "-t", "tmpfs", "tmpfs", directory]),
      mounted.status == 0
    else {
      return false
    }
    return (try? run("/usr/bin/env", ["umount", directory]))?.status == 0
  }()

  /// A signal in the middle: when the temporary file is there.
  @Test(arguments: [SIGINT, SIGTERM, SIGKILL])
  func anInterruptedConversionLeavesTheOldFile(signal: Int32) throws {
    let directory = try TemporaryDirectory()
    let target = try directory.write("old", to: "model.swiftlet")
    let source = try LargeMarian(vocabulary: 60_000, width: 512).write()
    let process = Process()
    // Threads of this process block signals, and a new process inherits that.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "--default-signal=INT,TERM", Programs.converter, source.path, "-o", target, "--quiet",
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    while process.isRunning, try names(directory.path).count == 1 { usleep(500) }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == signal)
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "old")
    if signal != SIGKILL { #expect(try names(directory.path) == ["model.swiftlet"]) }
  }

  @Test func memoryIsForOneTensorAtATime() throws {
    let model = LargeMarian(vocabulary: 40_000, width: 512)
    let source = try model.write()
    let target = "\(source.path)/model.swiftlet"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Programs.converter)
    process.arguments = [source.path, "-o", target, "--quiet"]
    try process.run()
    // The high-water mark of its resident memory, up to the last moment.
    var peak = 0
    while process.isRunning {
      let status =
        (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
      peak = max(peak, kilobytes * 1024)
      usleep(1000)
    }
    process.waitUntilExit()
    print("converter: peak \(peak), largest tensor \(model.largestTensor), all of them \(model.bytes)")
    #expect(process.terminationStatus == 0)
    #expect(peak > 0 && peak <= model.largestTensor + 64 << 20)
    #expect(model.bytes > 2 * model.largestTensor)
  }
}

/// A model of three large tables, all of them zero, in a sparse file.
private struct LargeMarian {
  let vocabulary: Int
  let width: Int

  /// The size of a table in float32.
  var largestTensor: Int { 4 * vocabulary * width }
  /// The size of the tables.
  var bytes: Int { 3 * largestTensor }

  func write() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    var model = TinyMarian { ($0.width, $0.heads, $0.shares, $0.ties) = (width, 8, false, false) }
    (model.sourceVocabulary, model.targetVocabulary) = (vocabulary, vocabulary)
    let tables = ["model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", "lm_head.weight"]
    for name in tables + ["final_logits_bias"] { model.tensors[name] = nil }
    var entries: [String] = []
    var data: [UInt8] = []
    for tensor in model.tensors.values.sorted(by: { $0.name < $1.name }) {
      let end = data.count + tensor.bytes.count
      entries.append(entry(tensor.name, tensor.shape, data.count, end))
      data += tensor.bytes
    }
    var end = data.count
    for name in tables {
      entries.append(entry(name, [vocabulary, width], end, end + largestTensor))
      end += largestTensor
    }
    let file = SafetensorsBytes.file(header: "{\(entries.joined(separator: ","))}", data: data)
    let path = try directory.write(file, to: "model.safetensors")
    unsafe truncate(path, off_t(file.count - data.count + end))
    try directory.write(model.configuration, to: "config.json")
    try model.writeText(to: directory)
    return directory
  }

  private func entry(_ name: String, _ shape: [Int], _ start: Int, _ end: Int) -> String {
    #""\#(name)":{"dtype":"F32","shape":\#(shape),"data_offsets":[\#(start),\#(end)]}"#
  }
}
