/// Weighted operations per cell that a window reads: about nanoseconds of one core, measured with `pooling-bench ops`.
struct OpWeight: Sendable {
    let forward: Int
    let backward: Int

    /// Ops that select or add up.
    static let plain = OpWeight(forward: 8, backward: 14)
    /// Ops with exponentials of each cell.
    static let exponentials = OpWeight(forward: 12, backward: 20)
    /// Ops with powers of each cell that take a logarithm and an exponential.
    static let powers = OpWeight(forward: 16, backward: 28)
    /// Ops that sort.
    static let sorting = OpWeight(forward: 100, backward: 140)
}
