import Foundation
import SourcesTestSupport
import Testing

/// Models whose file or disk fails while they are mapped, or before.
@Suite struct MediumFaultTests {
  private let gone = "a page of it is gone: the file was cut short, or its disk failed"

  /// A file system in a file whose second half is cut off: its blocks there can't be read any more.
  @Test(
    .enabled(if: Needs.loop, "NOT TESTED: a disk that fails needs root, loop devices and mkfs.ext4"),
    arguments: [[], ["--weights", "copy"], ["--weights", "lock"], ["--threads", "2"]])
  func aDiskThatFailsIsAnError(options: [String]) throws {
    let directory = try TemporaryDirectory()
    let model = try EnFrModel.path.get()
    let ended = try shell(
      """
      cd "$0" && truncate -s 24M disk && mkfs.ext4 -q -O ^has_journal disk && mkdir mounted &&
      mount -o loop disk mounted && cp "$1" mounted/model && sync && umount mounted &&
      mount -o loop,ro,noload disk mounted && truncate -s 6M disk &&
      "${@:2}"; status=$?; umount -l mounted; exit $status
      """,
      [directory.path, model, Programs.testedDevice, "translate", "mounted/model"] + options + ["Hello."],
      isolated: true)
    let reason = options.last == "copy" ? "cannot read: Input/output error" : gone
    #expect(ended.errors == "swiftlet: error: mounted/model: \(reason)\n", "\(ended)")
    #expect(ended.status == 1 && ended.output == [])
  }

  /// What becomes of a model's file between two lines.
  @Test(
    arguments: DeviceCommand.all,
    [": > \"$0\"", "truncate -s 100 \"$0\"", "rm \"$0\"", "cp \"$0\" \"$0.new\" && mv \"$0.new\" \"$0\""])
  func aFileThatChangesMeanwhileIsAnErrorOrChangesNothing(command: DeviceCommand, change: String) throws {
    let cuts = !change.contains("rm") && !change.contains("mv")
    for options in [[], ["--weights", "copy"]] {
      guard command.name != "tokenize" || options == [] else { continue }
      let directory = try TemporaryDirectory()
      let model = "\(directory.path)/model"
      try FileManager.default.copyItem(atPath: FamilyModel.named(command.model).path, toPath: model)
      let input = Pipe()
      let running = try Running(Programs.testedDevice, command.arguments(model) + options, input: input)
      try? input.fileHandleForWriting.write(contentsOf: Data(DeviceCommand.lines(3)))
      let first = try command.expected(3)
      for _ in 0..<5000 where running.outputSoFar.count < first.count { usleep(2000) }
      #expect(running.outputSoFar == first)
      #expect(try shell(change, [model]).status == 0)
      try? input.fileHandleForWriting.write(contentsOf: Data(DeviceCommand.lines(3)))
      try input.fileHandleForWriting.close()
      let ended = try running.finish()
      if cuts, options == [] {
        #expect(ended.errors == "swiftlet: error: \(model): \(gone)\n" && ended.status == 1)
        #expect(ended.output == first)
      } else {
        #expect(ended.status == 0 && ended.errors == "" && ended.output == first + first)
      }
    }
  }

  /// A copy is the program's own: what is written into the file later does not reach it.
  @Test(arguments: DeviceCommand.all.filter { $0.name != "tokenize" })
  func aCopyIsSafeFromWriters(command: DeviceCommand) throws {
    let directory = try TemporaryDirectory()
    let model = "\(directory.path)/model"
    try FileManager.default.copyItem(atPath: FamilyModel.named(command.model).path, toPath: model)
    let input = Pipe()
    let running = try Running(
      Programs.testedDevice, command.arguments(model) + ["--weights", "copy"], input: input)
    try? input.fileHandleForWriting.write(contentsOf: Data(DeviceCommand.lines(3)))
    let first = try command.expected(3)
    for _ in 0..<5000 where running.outputSoFar.count < first.count { usleep(2000) }
    #expect(
      try shell("head -c $(stat -c %s \"$0\") /dev/urandom | dd of=\"$0\" conv=notrunc 2>/dev/null", [model])
        .status == 0)
    try? input.fileHandleForWriting.write(contentsOf: Data(DeviceCommand.lines(3)))
    try input.fileHandleForWriting.close()
    let ended = try running.finish()
    #expect(ended.status == 0 && ended.errors == "" && ended.output == first + first)
  }

  /// Each call for the model, failing: no memory, an I/O error.
  @Test(
    .enabled(if: Needs.preloads, "NOT TESTED: nothing can be preloaded into a static program"),
    arguments: DeviceCommand.all,
    [("5", "read", "Input/output error"), ("12", "map", "Cannot allocate memory")])
  func callsThatFailAreErrors(command: DeviceCommand, fault: (String, String, String)) throws {
    let options = command.name == "tokenize" ? [] : ["--weights", "copy"]
    let (input, arguments) = (DeviceCommand.lines(3), try command.arguments() + options)
    let count = try Injection.count(Programs.testedDevice, arguments, fault.1, input: input)
    for call in 0..<count {
      let ended = try run(
        Programs.testedDevice, arguments, input: input,
        environment: Injection.environment(fault.0, fault.1, at: call + 1))
      #expect(ended.isTypedError && ended.errors.hasSuffix(": \(fault.2)\n"), "call \(call + 1): \(ended)")
    }
  }
}

/// The committed model, converted once: large enough to lie on more than the beginning of a disk.
enum EnFrModel {
  static let path = Result {
    let path = "\(try TemporaryDirectory().path)/en-fr.swiftlet"
    let ended = try run(
      Programs.converter, ["\(repository.path)/weights/en-fr", "-o", path, "--quiet", "--group", "64"])
    #expect(ended.status == 0, "\(ended.errors)")
    return path
  }
}
