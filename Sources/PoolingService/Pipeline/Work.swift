package import MicroHTTP
package import PoolingEngine
package import RecycledMemory
import Workers

/// How far a request has come, or an entry of a batch, and so the next step that is left to take.
package enum Work: Sendable {
    /// A body is to be unpacked, where it is packed, and read.
    case read(Message)
    /// A plan is to be computed.
    case planned(PoolingPlan, ResponseFormat)
    /// The entries of a batch are to be computed and written.
    indirect case batch(Batch)
    /// A result is to be written.
    ///
    /// - Parameter memory: what is reserved for it.
    case computed(PoolingResult, memory: MemoryLease?, ResponseFormat)
    case done(Result<HTTPResponse, Failure>)

    var isDone: Bool { if case .done = self { true } else { false } }

    /// Where the next step is taken.
    var place: ThreadChoice {
        switch self {
        case .read(let message):
            ThreadChoice(readingByteCount: message.readingByteCount, isPacked: message.coding != nil)
        case .planned(let plan, let format): ThreadChoice(plan.cost, isCompressed: format.isCompressed)
        case .batch(let batch): .worker(ThreadChoice.lane(of: batch.cost))
        case .computed, .done: .here
        }
    }

    /// The lane of a worker that takes the next step.
    var lane: Workers.Lane {
        switch self {
        case .read(let message): ThreadChoice.lane(readingByteCount: message.readingByteCount)
        case .planned(let plan, _): ThreadChoice.lane(of: plan.cost)
        case .batch(let batch): ThreadChoice.lane(of: batch.cost)
        case .computed, .done: .light
        }
    }
}
