import PoolingEngine
import RecycledMemory

/// One piece of memory that grows up to a limit while a decompressor fills it.
struct BoundedOutput {
    private static let smallest = 4096
    /// What is filled at a time: a few milliseconds of decompressing.
    private static let step = 1 << 20

    private let workspace: Workspace
    private let limit: Int
    private let block: MemoryBlock
    private(set) var count = 0

    init(limit: Int, expecting inputCount: Int, in workspace: Workspace) throws(WireError) {
        self.limit = limit
        self.workspace = workspace
        block = try workspace.block(min(limit, max(Self.smallest, inputCount)))
    }

    /// Lets `body` fill what is free, growing first where nothing is.
    ///
    /// - Parameter body: gets the free bytes and returns how many it has filled.
    /// - Returns: false where the limit leaves nothing free; `body` is then not called.
    mutating func fill(_ body: (UnsafeMutableRawBufferPointer) -> Int) throws(WireError) -> Bool {
        try workspace.checkpoint()
        if count == block.bytes.count {
            guard count < limit else { return false }
            let (double, overflow) = count.multipliedReportingOverflow(by: 2)
            try block.resized(to: min(limit, max(Self.smallest, overflow ? limit : double)))
        }
        let free = block.bytes[count...].prefix(Self.step)
        count += body(UnsafeMutableRawBufferPointer(rebasing: free))
        return true
    }

    /// What has been filled.
    func finish() throws(WireError) -> Bytes {
        try block.resized(to: count)
        return Bytes(block)
    }

    func tooLarge() -> WireError {
        .rejected(PoolingError(.resultTooLarge, at: "", "the body decompresses to more than \(limit) bytes"))
    }
}
