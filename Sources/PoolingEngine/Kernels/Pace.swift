/// Looks at a ``Cancellation`` as often as work of a millisecond or so has been done, not at every step.
struct Pace {
    private static let operationsBetweenLooks = 1 << 18

    private let cancellation: Cancellation?
    private var done = 0

    init(_ cancellation: Cancellation?) { self.cancellation = cancellation }

    /// Whether the computation should go on.
    ///
    /// - Parameter operations: element operations since the last call, about.
    @inline(__always)
    mutating func goesOn(after operations: Int) -> Bool {
        done &+= operations
        return done < Self.operationsBetweenLooks || looks()
    }

    @inline(never)
    private mutating func looks() -> Bool {
        done = 0
        return cancellation?.isCancelled != true
    }
}
