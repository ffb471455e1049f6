import Foundation
import SwiftletPlatform
import Testing

/// What a process is told when it starts.
@Suite struct ProcessTests {
  @Test func theSystemSaysHowLargeAPageIs() {
    #expect(pageSize == Int(sysconf(Int32(_SC_PAGESIZE))))
    #if os(Linux)
      #expect(auxiliaryValue(6) == UInt(pageSize))
    #endif
    #expect(auxiliaryValue(4095) == 0)
  }

  @Test func theCommandLineIsTheSystems() throws {
    let line = CommandLineWords.current
    #expect(line.count == CommandLine.arguments.count)
    let name = try unsafe #require(line.words[0])
    unsafe #expect(String(cString: name) == CommandLine.arguments[0])
    unsafe #expect(line.words[line.count] == nil)
  }
}
