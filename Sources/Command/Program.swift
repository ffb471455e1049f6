import Swiftlet
import SwiftletPlatform

/// The device's program: `swiftlet`.
@main
struct Program {
  static func main() {
    ignoreWriteSignals()
    if let limit = stackLimit, limit < leastStack { exitProcess(refuseStack(limit).rawValue) }
    var arguments = ArgumentReader(.current)
    let status = run(&arguments)
    exitProcess(status.rawValue)
  }

  /// What the main thread's stack must be allowed, in bytes: the commands' frames, and as much again for the
  /// arguments and the environment, which lie on it, too. With less a command would end in a fault.
  private static let leastStack = 262_144

  @inline(never)
  private static func refuseStack(_ limit: Int) -> ExitStatus {
    Console.complain {
      $0.write("the stack may have ")
      $0.write(limit)
      $0.write(" bytes, needed are ")
      $0.write(leastStack)
      $0.write("; raise ulimit -s")
    }
    return .failure
  }

  // Not inlined: the frame is large, and the stack is looked at before.
  @inline(never)
  private static func run(_ arguments: inout ArgumentReader) -> ExitStatus {
    guard let command = arguments.next() else {
      var errors = Console.errors()
      Usage.write(to: &errors)
      return .usage
    }
    switch command {
    case "translate": return TaskCommand.run(Translator.self, .translate, &arguments)
    case "generate": return TaskCommand.run(Translator.self, .generate, &arguments)
    case "embed": return TaskCommand.run(EmbedTask.self, .embed, &arguments)
    case "classify": return TaskCommand.run(ClassifyTask.self, .classify, &arguments)
    case "fill": return TaskCommand.run(FillTask.self, .fill, &arguments)
    case "tokenize": return TaskCommand.run(TokenizeTask.self, .tokenize, &arguments)
    case "score": return TaskCommand.run(ScoreTask.self, .score, &arguments)
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
