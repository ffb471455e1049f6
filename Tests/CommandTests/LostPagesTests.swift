import Foundation
import SourcesTestSupport
import Testing

/// A model whose file is cut short while it is mapped.
@Suite struct LostPagesTests {
  @Test func itIsAnErrorNotACrash() throws {
    let directory = try TemporaryDirectory()
    let model = "\(directory.path)/cut.swiftlet"
    try FileManager.default.copyItem(atPath: EnFr.path, toPath: model)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Programs.device)
    process.arguments = ["translate", model]
    let (input, output, errors) = (Pipe(), Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (input, output, errors)
    try process.run()
    let line = Data("The cat sat on the mat.\n".utf8)
    input.fileHandleForWriting.write(line)
    while output.fileHandleForReading.availableData.last != 0x0A {}
    try FileHandle(forWritingTo: URL(fileURLWithPath: model)).truncate(atOffset: 4096)
    input.fileHandleForWriting.write(line)
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 1)
    let complaint = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
    #expect(
      complaint
        == "swiftlet: error: \(model): a page of it is gone: the file was cut short, or its disk failed\n")
  }
}
