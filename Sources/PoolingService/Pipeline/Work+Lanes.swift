import PoolingEngine
import Workers

// A step is taken where the request arrived, on the connection's thread, which never does more than about 300 µs of
// anything; or on a worker, in one of two lanes.
extension Work {
    /// Bytes that are read where they arrive: up to 30 ns each, as for objects of many short names.
    static let inlineByteCount = 8 << 10
    /// Bytes of a light request: some 10 ms of reading.
    static let lightByteCount = 1 << 20

    /// Bytes of a plan that is made where its request arrived, tables included: some 100 µs.
    static let inlinePlanByteCount = 64 << 10

    /// Whether the next step is taken where the request arrived.
    var isInline: Bool {
        switch self {
        case .read(let message): message.isInline
        case .planned(let plan, _, let format): plan.cost.isInline(isCompressed: format.isCompressed)
        case .batch: false
        case .computed, .done: true
        }
    }

    /// The lane of a worker that takes the next step.
    var lane: Workers.Lane {
        switch self {
        case .read(let message): message.lane
        case .planned(let plan, _, _): plan.cost.lane
        case .batch(let batch): batch.cost.lane
        case .computed, .done: .light
        }
    }
}

/// By the bytes that reading a request touches.
extension Message {
    var isInline: Bool { readingByteCount <= Work.inlineByteCount && coding == nil }
    var lane: Workers.Lane { readingByteCount <= Work.lightByteCount ? .light : .heavy }
}

/// Once a request has been planned.
extension Cost {
    /// About as many nanoseconds.
    private static let inlineOperations = 50_000
    /// Writing a result takes longer than computing it: this many bytes are 4096 float32, about 60 µs.
    private static let inlineResultByteCount = 16 << 10
    /// Their text is compressed in some 100 µs.
    private static let inlineCompressedResultByteCount = 4 << 10
    /// A few milliseconds.
    private static let lightOperations = 4_000_000

    func isInline(isCompressed: Bool) -> Bool {
        let resultLimit = isCompressed ? Self.inlineCompressedResultByteCount : Self.inlineResultByteCount
        return operations <= Self.inlineOperations && resultByteCount <= resultLimit
            && scratchByteCount <= Self.inlineResultByteCount && planByteCount <= Work.inlinePlanByteCount
    }

    var lane: Workers.Lane {
        operations < Self.lightOperations && resultByteCount <= Work.lightByteCount ? .light : .heavy
    }
}
