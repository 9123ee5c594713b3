/// Why memory is not to be had.
package enum MemoryShortage: Error, Hashable, Sendable {
    /// The system gives none.
    case system
    /// Other requests use what this one needs.
    case budget
    /// It is more than all requests together may have.
    case limit(needed: Int, budget: Int)
}
