import SwiftletArena
import SwiftletKernels
import SwiftletModelFile
import SwiftletTransformer

/// The forward pass alone, of any kind of model, in an arena of its own: token ids in, states and scores out.
///
/// For what `Translator` does not do: looking at states between layers, measuring, searches of one's own.
public struct ForwardPass: ~Copyable {
  // First, so that its threads end before the arena does.
  /// All that is computed.
  public var workspace: Workspace
  /// The weights.
  public let model: Model
  private let arena: Arena

  /// Plans for a model and limits, maps the arena, and binds the weights.
  ///
  /// - Parameter budget: The most bytes that the arena may take.
  public init(
    _ file: consuming ModelFile, _ limits: Limits, _ kernels: KernelSet, budget: Int = .max
  ) throws(SwiftletError) {
    var plan = MemoryPlan()
    let (modelLayout, workspaceLayout): (ModelLayout, WorkspaceLayout)
    do throws(ArenaError) {
      modelLayout = try ModelLayout(file.architecture, in: &plan)
      workspaceLayout = try WorkspaceLayout(file.architecture, limits, in: &plan)
    } catch { throw .memory(error) }
    plan.place()
    let arena = try mapArena(plan, budget: budget)
    let workspace = try startWorkspace(workspaceLayout, in: arena, kernels: kernels)
    model = try bindModel(file, modelLayout, in: arena)
    self.workspace = workspace
    self.arena = arena
  }
}
