/// Looks at a ``Cancellation`` as often as work of a millisecond or so has been done, not at every step.
package struct Pace: Sendable {
    private static let operationsBetweenLooks = 1 << 18

    private let cancellation: Cancellation?
    private var done = 0

    init(_ cancellation: Cancellation?) { self.cancellation = cancellation }

    /// - Parameter looksAtOnce: whether the first step is preceded by a look.
    package init(_ cancellation: Cancellation?, looksAtOnce: Bool) {
        self.cancellation = cancellation
        done = looksAtOnce ? Self.operationsBetweenLooks : 0
    }

    /// Whether the computation should go on.
    ///
    /// - Parameter operations: element operations since the last call, about.
    @inline(__always)
    package mutating func goesOn(after operations: Int) -> Bool {
        done &+= operations
        return done < Self.operationsBetweenLooks || looks()
    }

    @inline(never)
    private mutating func looks() -> Bool {
        let goesOn = cancellation?.isCancelled != true
        // Where it is to stop, every further call says so.
        done = goesOn ? 0 : Self.operationsBetweenLooks
        return goesOn
    }
}
