import Foundation
import SwiftletPlatform
import Testing

/// What is said of the system's errors.
@Suite struct SystemErrorTests {
  private func text(_ number: Int32) -> String {
    String(SystemError(.read, number: number).description.dropFirst("cannot read: ".count))
  }

  /// Programs without a C library have a table of their own: it says what the C library says.
  @Test func numbersMeanWhatTheySay() throws {
    var known = 0
    for number in Int32(1)...133 {
      let text = text(number)
      if text == "system error \(number)" { continue }
      unsafe #expect(text == String(cString: try #require(strerror(number))))
      known += 1
    }
    #expect(known > 20)
    for number in [EPERM, ENOENT, EIO, ENOMEM, EACCES, ENODEV, ENOTDIR, EINVAL, EFBIG, ENOSPC] {
      #expect(text(number) != "system error \(number)")
    }
    #expect(text(0) == "not a regular file")
    #expect(text(4095) == "system error 4095")
  }

  @Test func requestsAreRefusedByTheSystem() {
    func refusal(_ path: String) -> SystemError? {
      do throws(SystemError) {
        _ = try unsafe MappedFile(path: path)
        return nil
      } catch {
        return error
      }
    }
    #expect(refusal("/nonexistent") == SystemError(.open, number: ENOENT))
    #expect(refusal("/dev/null/x") == SystemError(.open, number: ENOTDIR))
    #expect(refusal(String(repeating: "x", count: 300)) == SystemError(.open, number: ENAMETOOLONG))
    #expect(refusal("/") == SystemError(.open, number: 0))
    #expect(refusal("/dev/null") == SystemError(.open, number: 0))
    #expect(refusal("/proc/self/exe") == nil)
  }
}
