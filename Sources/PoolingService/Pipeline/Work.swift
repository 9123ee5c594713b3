package import MicroHTTP
package import PoolingEngine
package import RecycledMemory

/// How far a request has come, or an entry of a batch, and so the next step that is left to take.
package enum Work: Sendable {
    /// A body is to be unpacked, where it is packed, and read.
    case read(Message)
    /// A plan is to be computed.
    case planned(PoolingPlan, Operands, ResponseFormat)
    /// The entries of a batch are to be computed and written.
    indirect case batch(Batch)
    /// A result is to be written.
    ///
    /// - Parameter memory: what is reserved for it.
    case computed(PoolingResult, memory: MemoryLease?, ResponseFormat)
    case done(Result<HTTPResponse, Failure>)

    var isDone: Bool { if case .done = self { true } else { false } }
}
