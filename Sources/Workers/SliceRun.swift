import Dispatch

/// One call of ``Workers/run(_:_:)`` whose slices anyone idle may take.
struct SliceRun: Sendable, Identifiable {
    let id: UInt64
    let count: Int
    let body: @Sendable (Int) -> Void
    /// The first slice that nobody has taken yet.
    private var next = 0
    /// Slices that helpers have taken and not finished.
    var helped = 0
    /// Told when the last helper is done, once the caller has nothing left but to wait.
    var waiter: DispatchSemaphore?

    init(id: UInt64, count: Int, body: @escaping @Sendable (Int) -> Void) {
        self.id = id
        self.count = count
        self.body = body
    }

    var hasSlices: Bool { next < count }

    mutating func claim() -> Int? {
        guard hasSlices else { return nil }
        defer { next += 1 }
        return next
    }
}
