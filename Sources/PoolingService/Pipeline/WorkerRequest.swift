import MicroHTTP
import PoolingEngine
import PoolingWire
import Synchronization

/// A request that is worked on by workers, perhaps by one after the other.
final class WorkerRequest: Sendable {
    /// What is left to do.
    enum Step: Sendable {
        case read(Call, any WorkHandler)
        case compute(Computation)
        case batch(Batch)
        case encode(ComputedResult, Computation.Encoder)
    }

    let context: RequestContext
    let sink: any ResponseSink
    let memory: RequestMemory
    let stop: WorkStop
    let workspace: Workspace
    /// Whether the deadline ends parts of the work, not all of it.
    let outlivesDeadline: Bool
    private let step: Mutex<Step?>

    init(
        _ step: Step, _ context: RequestContext, sink: any ResponseSink, memory: RequestMemory, stop: WorkStop,
        runner: @escaping PoolingPlan.SliceRunner
    ) {
        outlivesDeadline = if case .read(_, let handler) = step { handler.outlivesDeadline } else { false }
        self.step = Mutex(step)
        self.context = context
        self.sink = sink
        self.memory = memory
        self.stop = stop
        workspace = Workspace(runner: runner, memory: memory, cancellation: stop.cancellation())
    }

    var record: RequestRecord { context.record }

    /// Whether a batch was read, and its entries are still to be computed.
    var hasReadBatch: Bool {
        step.withLock { step in if case .batch = step { true } else { false } }
    }

    /// Takes the step, and with it its bodies and tensors, so that they live no longer than it is worked on.
    func takeStep() -> Step? { step.withLock { $0.take() } }

    func put(_ step: Step) { self.step.withLock { $0 = step } }
}
