/// Why the oracle gives no result.
package enum OracleFailure: Error, Hashable {
    /// The contract rejects this.
    case rejected(String)
    /// The oracle does not know this op or region: it must be taught before the engine can be trusted with it.
    case unknown(String)
    /// A window without an element, in a region that allows none.
    case emptyWindow
    case integerOverflow
}
