import PoolingEngine
import RecycledMemory
import Workers

/// Where a request is worked on: on the connection's thread, which never does more than about 300 µs of anything, or on a
/// worker, in one of two lanes.
enum ThreadChoice: Sendable, Hashable {
    case here
    case worker(Workers.Lane)

    /// Bytes that are read where they arrive: up to 30 ns each, as for objects of many short names.
    static let inlineByteCount = 8 << 10
    /// Bytes of a light request: some 10 ms of reading.
    static let lightByteCount = 1 << 20

    /// About as many nanoseconds.
    private static let inlineOperations = 50_000
    /// Writing a result takes longer than computing it: this many bytes are 4096 float32, about 60 µs.
    private static let inlineResultByteCount = 16 << 10
    /// Their text is compressed in some 100 µs.
    private static let inlineCompressedResultByteCount = 4 << 10
    /// A few milliseconds.
    private static let lightOperations = 4_000_000

    /// Before a request is read, by the bytes that reading it touches.
    init(readingByteCount: Int, isPacked: Bool) {
        if readingByteCount <= Self.inlineByteCount && !isPacked {
            self = .here
        } else {
            self = .worker(Self.lane(readingByteCount: readingByteCount))
        }
    }

    /// Once a request has been planned.
    init(_ cost: Cost, isCompressed: Bool) {
        let resultLimit = isCompressed ? Self.inlineCompressedResultByteCount : Self.inlineResultByteCount
        if cost.operations <= Self.inlineOperations && cost.resultByteCount <= resultLimit
            && cost.scratchByteCount <= Self.inlineResultByteCount
        {
            self = .here
        } else {
            self = .worker(Self.lane(of: cost))
        }
    }

    static func lane(readingByteCount: Int) -> Workers.Lane {
        readingByteCount <= lightByteCount ? .light : .heavy
    }

    static func lane(of cost: Cost) -> Workers.Lane {
        cost.operations < lightOperations && cost.resultByteCount <= lightByteCount ? .light : .heavy
    }
}
