/// How the work of a kernel may be cut into slices: between groups of units, which are planes unless the kernel says else.
struct WorkUnits: Sendable {
    let count: Int
    /// Units that stay together.
    let group: Int
}
