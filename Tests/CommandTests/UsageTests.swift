import Foundation
import SourcesTestSupport
import Testing

/// The command line, and files that are no models.
@Suite struct UsageTests {
  @Test func helpIsNoError() throws {
    for arguments in [
      ["--help"], ["-h"], ["help"], ["translate", "--help"], ["plan", "-h"], ["info", "--help"],
    ] {
      let finished = try swiftlet(arguments)
      #expect(finished.text.hasPrefix("usage: swiftlet COMMAND MODEL"))
      #expect(finished.errors == "" && finished.status == 0)
    }
    #expect(try swiftlet(["--version"]).text.hasPrefix("swiftlet "))
    let converter = try run(Programs.converter, ["--help"])
    #expect(converter.text.hasPrefix("usage: swiftlet-convert SOURCE") && converter.status == 0)
  }

  @Test(arguments: [
    (["fly"], "unknown command fly"), (["translate"], "no MODEL given"), (["plan"], "no MODEL given"),
    (["info"], "no MODEL given"), (["plan", "a", "b"], "unexpected argument b"),
    (["translate", "m", "--wings"], "unknown option --wings"),
    (["translate", "m", "--max-source"], "a number must follow --max-source"),
    (["translate", "m", "--max-source", "0"], "not a positive number: 0"),
    (["translate", "m", "--max-tokens", "-1"], "not a positive number: -1"),
    (["translate", "m", "--memory", "1G"], "not a positive number: 1G"),
    (["translate", "m", "--memory", "99999999999999999999"], "not a positive number: 99999999999999999999"),
    (["translate", "m", "--memory", ""], "not a positive number: "),
    (["translate", "m", "--beam", "0"], "--beam must be 1 to 64, not 0"),
    (["translate", "m", "--beam", "65"], "--beam must be 1 to 64, not 65"),
    (["translate", "m", "--length-penalty", "x"], "--length-penalty must be -8.00 to 8.00, not x"),
    (["translate", "m", "--top-p", "1.5"], "--top-p must be 0.00 to 1.00, not 1.5"),
    (["translate", "m", "--top-p", "."], "--top-p must be 0.00 to 1.00, not ."),
    (["translate", "m", "--temperature"], "a number must follow --temperature"),
    (["translate", "m", "--seed", "-1"], "--seed must be 0 or more, not -1"),
    (["translate", "m", "--prefix"], "a text must follow --prefix"),
    (
      ["translate", "m", "--early-stopping", "soon"],
      "--early-stopping must be false, true or never, not soon"
    ),
    (["translate", "m", "--early-stopping"], "false, true or never must follow --early-stopping"),
    (
      ["translate", "m", "--beam", "2", "--seed", "1"],
      "tokens can't be drawn with --beam: leave one of them out"
    ),
    (["translate", "m", "--beam", "2", "--stream"], "--stream can't be used with --beam"),
    (["translate", "m", "--batch", "2", "--stream"], "--stream can't be used with --batch"),
    (["translate", "m", "--align", "--stream"], "--stream can't be used with --align"),
    (["translate", "m", "--json", "--stream"], "--stream can't be used with --json or --digest"),
    (
      ["translate", "m"] + Array(repeating: ["--stop", "a"], count: 17).flatMap { $0 },
      "at most 16 times: --stop"
    ),
    (["translate", "m", "--attention"], "a file must follow --attention"),
    (["generate", "m", "--replace-unknown"], "not an option of this command: --replace-unknown"),
    (["classify", "m", "--attention", "a.svg"], "not an option of this command: --attention"),
    (["translate", "m", "--kernel"], "an instruction set must follow --kernel"),
    (["translate", "m", "--kernel", "mmx"], "no such instruction set (see --help): mmx"),
  ])
  func wrongUsageIsOneLine(arguments: [String], complaint: String) throws {
    let finished = try swiftlet(arguments)
    #expect(finished.errors == "swiftlet: error: \(complaint) (try swiftlet --help)\n")
    #expect(finished.output == [] && finished.status == 2)
  }

  @Test func noCommandShowsTheUsage() throws {
    let finished = try swiftlet([])
    #expect(finished.errors.hasPrefix("usage: swiftlet") && finished.output == [] && finished.status == 2)
  }

  @Test(arguments: ["translate", "plan", "info"])
  func filesThatAreNoModelsAreNamed(command: String) throws {
    let directory = try TemporaryDirectory()
    let model = try Data(contentsOf: URL(fileURLWithPath: EnFr.path))
    let cases = [
      ("\(directory.path)/missing", "cannot open it: No such file or directory"),
      (try directory.write([], to: "empty"), "it is empty"),
      (directory.path, "cannot open it: not a regular file"),
      (
        try directory.write(model.dropLast(1), to: "cut"),
        "its header states \(model.count) bytes, it has \(model.count - 1)"
      ),
      (
        try directory.write(model.prefix(40), to: "head"),
        "it is cut short: 64 bytes are needed, 40 are there"
      ),
      (try directory.write("hello", to: "text"), "it is not a .swiftlet model (wrong magic number)"),
    ]
    for (path, complaint) in cases {
      let finished = try swiftlet([command, path])
      #expect(finished.errors == "swiftlet: error: \(path): \(complaint)\n")
      #expect(finished.output == [] && finished.status == 1)
    }
  }

  @Test func infoSaysWhatIsInTheFile() throws {
    for model in EnFr.all {
      let finished = try swiftlet(["info", model.path])
      let lines = finished.text.split(separator: "\n").map(String.init)
      #expect(finished.status == 0 && lines.allSatisfy { $0.contains("=") })
      for line in ["family=marian", "format=1", "width=256", "encoder-layers=3", "source-vocabulary=6001"] {
        #expect(lines.contains(line))
      }
      #expect(lines.contains(model.group == "row" ? "scales=one a row" : "scales=\(model.group)"))
    }
  }

  /// Foundation alone is larger than the program, its model and its memory.
  @Test func theProgramDoesNotLinkFoundation() throws {
    let libraries = try run("/usr/bin/env", ["ldd", Programs.device])
    #expect(libraries.status == 0 && libraries.text.contains("libswiftCore"))
    #expect(!libraries.text.contains("Foundation"))
  }
}
