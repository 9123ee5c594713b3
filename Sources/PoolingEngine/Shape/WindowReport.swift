/// How the windows of a layer lie along its pooled axes, in closed form.
struct WindowReport: Sendable {
    /// Resolved padding, for sliding windows.
    let padding: [Padding.Sides]?
    /// Windows of one plane that hang over an edge.
    let clipped: Int?
    /// Taps of all windows of one plane; nil where they overflow.
    let taps: Int?
    /// Input positions that no window reads, along each dimension; nil where they cannot be counted.
    let unused: [Int]?
    let field: ReceptiveField?

    /// - Parameter taps: those of all windows of one plane, where not all cells of the kernel take part.
    init(_ windows: [SlidingAxis], taps: Int? = nil) {
        padding = windows.map { Padding.Sides(before: $0.before, after: $0.after) }
        let all = windows.map(\.output).checkedProduct
        let interior = windows.map { $0.output - $0.clipped }.checkedProduct
        clipped = if let all, let interior { all - interior } else { nil }
        self.taps = taps ?? windows.map(\.totalTaps).checkedProduct
        let counts = windows.compactMap(\.unused)
        unused = counts.count == windows.count ? counts : nil
        field = ReceptiveField(
            size: windows.map(\.span), jump: windows.map(\.stride),
            start: windows.map { Double($0.span - 1) / 2 - Double($0.before) })
    }

    /// Bins that share an axis; a field only where all are equal.
    init(equalBins extents: [Int], count: [Int]) {
        padding = nil
        clipped = nil
        unused = extents.map { _ in 0 }
        // Neighbouring bins share a position wherever a boundary falls inside one.
        taps = zip(extents, count).map { $0 + $1 - FloorSums.commonDivisor($0, $1) }.checkedProduct
        let sizes = zip(extents, count).map { $0 % $1 == 0 ? $0 / $1 : 0 }
        field =
            sizes.contains(0)
            ? nil : ReceptiveField(size: sizes, jump: sizes, start: sizes.map { Double($0 - 1) / 2 })
    }
}
