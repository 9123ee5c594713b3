/// How the windows of a layer lie along its pooled axes, worked out from numbers alone.
struct Windowing: Sendable {
    /// Resolved padding, for sliding windows.
    let padding: [Padding.Sides]?
    /// Windows of one plane that hang over an edge.
    let clipped: Int?
    /// Taps of all windows of one plane; nil where they overflow.
    let taps: Int?
    /// Input positions that no window reads, along each dimension.
    let unused: [Int]?
    let field: ReceptiveField?

    init(_ windows: [SlidingAxis]) throws(PoolingRefusal) {
        for window in windows { try window.requireCountable() }
        padding = windows.map { Padding.Sides(before: $0.before, after: $0.after) }
        let all = windows.map(\.output).checkedProduct
        let inner = windows.map { $0.output - $0.clipped }.checkedProduct
        clipped = if let all, let inner { all - inner } else { nil }
        taps = windows.map(\.totalTaps).checkedProduct
        unused = windows.map(\.unused)
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
        taps = zip(extents, count).map { extent, bins in extent + bins - Self.gcd(extent, bins) }.checkedProduct
        let sizes = zip(extents, count).map { $0 % $1 == 0 ? $0 / $1 : 0 }
        field =
            sizes.contains(0)
            ? nil : ReceptiveField(size: sizes, jump: sizes, start: sizes.map { Double($0 - 1) / 2 })
    }

    private static func gcd(_ left: Int, _ right: Int) -> Int { right == 0 ? left : gcd(right, left % right) }
}

extension SlidingAxis {
    /// Edge windows are counted one by one; more than this in one query is no layer.
    private static let largestCount = 1 << 24

    fileprivate func requireCountable() throws(PoolingRefusal) {
        guard clipped <= Self.largestCount, dilation == 1 || kernel <= Self.largestCount else {
            throw PoolingRefusal(.workTooLarge, at: "kernel", "too many windows hang over the edge to be counted")
        }
    }

    /// The first window that starts on the input, and the first after it that ends beyond.
    private var whole: Range<Int> {
        let first = min((before + stride - 1) / stride, output)
        let end = (input + before - span).floorDivided(by: stride) + 1
        return first..<min(max(end, first), output)
    }

    /// Windows with a cell beyond the input.
    fileprivate var clipped: Int { output - whole.count }

    /// Cells that all windows read: elements, or with a padding mode all within the padding.
    fileprivate var totalTaps: Int {
        let edges = [0..<whole.lowerBound, whole.upperBound..<output].joined()
        let atEdges = edges.reduce(0) { total, window in
            total + (taps.run(at: window)?.count ?? taps.declaredCount(at: window))
        }
        return whole.count.multipliedSaturating(by: kernel).addingSaturating(atEdges)
    }

    /// Input positions that no window reads.
    fileprivate var unused: Int {
        guard mode == .ignore || mode == .zeros || max(before, after) == 0 else { return unusedOnRead(mapped: true) }
        return unusedOnRead(mapped: false)
    }

    /// Positions p with p + before = o·stride + j·dilation for no window o and tap j.
    ///
    /// Divided by the common divisor of stride and dilation, taps j and j + stride read the same positions for windows
    /// `dilation` apart, so that each residue of j is one run of windows, with gaps where there are few windows.
    private func unusedOnRead(mapped: Bool) -> Int {
        var read = Set<Int>()
        var count = 0
        if dilation == 1 && stride <= kernel {
            count = max(min(input, (output - 1) * stride - before + kernel), 0)
        } else if dilation == 1 {
            count = (0..<min(output, 2)).reduce(0) { $0 + realTaps(at: $1 == 0 ? 0 : output - 1) }
            count += max(output - 2, 0) * kernel
        } else {
            count = distinctPositions()
        }
        if mapped {
            // Padding that mirrors, repeats or wraps reads elements which windows inside may not reach.
            guard input <= Self.largestCount, output * kernel <= Self.largestCount else { return input - count }
            for window in 0..<output { taps.forEachTap(at: window) { source, _ in read.insert(source) } }
            count = read.count
        }
        return input - count
    }

    private func realTaps(at window: Int) -> Int {
        let start = window * stride - before
        return max(min(start + kernel, input) - max(start, 0), 0)
    }

    private func distinctPositions() -> Int {
        let divisor = Self.gcd(stride, dilation)
        let (step, gap) = (stride / divisor, dilation / divisor)
        var count = 0
        for residue in 0..<min(step, kernel) {
            let repeats = (kernel - 1 - residue) / step
            // Positions residue·dilation + w·stride − before for w in the union of windows m·gap..<m·gap + output.
            let offset = residue * dilation - before
            var reached = 0
            for turn in 0...repeats {
                let first = max(turn * gap, reached)
                reached = turn * gap + output
                let low = offset >= 0 ? 0 : (-offset + stride - 1) / stride
                let high = (input - 1 - offset).floorDivided(by: stride) + 1
                count += max(min(reached, high) - max(first, low), 0)
            }
        }
        return count
    }

    private static func gcd(_ left: Int, _ right: Int) -> Int { right == 0 ? left : gcd(right, left % right) }
}
