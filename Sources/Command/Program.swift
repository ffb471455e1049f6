import Swiftlet
import SwiftletPlatform

/// The device's program: `swiftlet`.
@main
struct Program {
  static func main() {
    ignoreBrokenPipeSignal()
    var arguments = ArgumentReader(.current)
    let status = run(&arguments)
    exitProcess(status.rawValue)
  }

  private static func run(_ arguments: inout ArgumentReader) -> ExitStatus {
    guard let command = arguments.next() else {
      var errors = Console.errors()
      Usage.write(to: &errors)
      return .usage
    }
    switch command {
    case "translate": return TranslateCommand.run(&arguments)
    case "plan": return PlanCommand.run(&arguments)
    case "info": return InfoCommand.run(&arguments)
    case "--help", "-h", "help": return Console.print { Usage.write(to: &$0) }
    case "--version":
      return Console.print {
        $0.write("swiftlet ")
        $0.write(Version.text)
        $0.write("\n")
      }
    default: return Console.wrongUsage("unknown command ", command)
    }
  }
}
