/// Which windows the cells of a footprint read something for, in closed form.
struct FootprintCover {
    private let footprint: Footprint
    private let axes: [SlidingAxis]
    /// For each axis and each position along it, the windows for which it lies on the input or on filled padding.
    private let windows: [[Range<Int>]]

    /// Kinds of windows that are told apart, at most: a small number of each cell's that the request has.
    private let largestGrid: Int

    /// - Parameter count: how many footprints of this kind a request has.
    init(_ footprint: Footprint, _ axes: [SlidingAxis], of count: Int = 1) {
        largestGrid = max((1 << 16) / count, 16 * footprint.cells.count)
        self.footprint = footprint
        self.axes = axes
        windows = axes.map { axis in (0..<axis.kernel).map(axis.windows(readingWith:)) }
    }

    /// Cells that all windows of one plane read; saturates.
    var totalTaps: Int {
        var total = 0
        footprint.forEachCell { position in
            let reading = zip(windows, position).reduce(1) { $0.multipliedSaturating(by: $1.0[$1.1].count) }
            total = total.addingSaturating(reading)
        }
        return total
    }

    /// Whether no cell reads anything for some window along the only axis.
    var hasEmptyWindow: Bool {
        var reading: [Range<Int>] = []
        footprint.forEachCell { position in reading.append(windows[0][position[0]]) }
        var next = 0
        for range in reading.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            guard range.lowerBound <= next else { return true }
            next = max(next, range.upperBound)
        }
        return next < axes[0].output
    }

    /// The first window for which no cell reads anything, as its position along each axis; nil where there is none.
    ///
    /// Windows between two neighbouring ends of ranges are of one kind: one of each is looked at.
    func emptyWindow(_ reader: FieldReader) throws(PoolingError) -> [Int]? {
        guard !readsEverywhere else { return nil }
        let ends = zip(windows, axes).map { ranges, axis in
            Set(ranges.flatMap { [$0.lowerBound, $0.upperBound] } + [0, axis.output]).sorted()
        }
        let kinds = ends.map { $0.count - 1 }
        let grid = kinds.reduce(1) { $0.multipliedSaturating(by: $1 + 1) }
        let corners = 1 << min(kinds.count { $0 > 1 }, 30)
        guard grid <= largestGrid, footprint.count.multipliedSaturating(by: corners) <= 4 * largestGrid else {
            throw reader.rejection(
                .workTooLarge, at: "footprint", "the footprint gives too many different border windows")
        }
        let counts = coverCounts(ends, extents: kinds.map { $0 + 1 })
        let strides = kinds.map { $0 + 1 }.rowMajorStrides
        for kind in 0..<grid where counts[kind] == 0 {
            let position = strides.indices.map { kind / strides[$0] % (kinds[$0] + 1) }
            guard zip(position, kinds).allSatisfy({ $0 < $1 }) else { continue }
            return zip(ends, position).map { $0[$1] }
        }
        return nil
    }

    /// Whether one cell alone reads something for every window.
    private var readsEverywhere: Bool {
        var isEverywhere = false
        footprint.forEachCell { position in
            isEverywhere =
                isEverywhere
                || zip(zip(windows, axes), position).allSatisfy { $0.0[$1] == 0..<$0.1.output }
        }
        return isEverywhere
    }

    /// How many cells read something for each kind of window: each adds to a box of kinds, whose corners are summed up.
    private func coverCounts(_ ends: [[Int]], extents: [Int]) -> [Int32] {
        let strides = extents.rowMajorStrides
        var counts = [Int32](repeating: 0, count: extents.reduce(1, *))
        let indices = ends.map { ends in Dictionary(uniqueKeysWithValues: ends.enumerated().map { ($1, $0) }) }
        let boxes = zip(windows, indices).map { ranges, indices in
            ranges.map { (indices[$0.lowerBound] ?? 0, indices[$0.upperBound] ?? 0) }
        }
        func add(_ position: [Int], _ axis: Int, _ index: Int, _ sign: Int32) {
            guard axis < extents.count else {
                counts[index] &+= sign
                return
            }
            let box = boxes[axis][position[axis]]
            add(position, axis + 1, index + box.0 * strides[axis], sign)
            if box.1 < extents[axis] - 1 { add(position, axis + 1, index + box.1 * strides[axis], -sign) }
        }
        footprint.forEachCell { position in
            let isEmpty = zip(boxes, position).contains { $0[$1].0 == $0[$1].1 }
            if !isEmpty { add(position, 0, 0, 1) }
        }
        for (axis, stride) in strides.enumerated() {
            for index in counts.indices where index / stride % extents[axis] > 0 {
                counts[index] &+= counts[index - stride]
            }
        }
        return counts
    }
}

extension SlidingAxis {
    /// The windows for which a position along the kernel lies on the input, or on padding that takes part.
    fileprivate func windows(readingWith tap: Int) -> Range<Int> {
        let first = mode == .ignore ? 0 : -before
        let end = mode == .ignore ? input : input + after
        func reaching(_ position: Int) -> Int {
            min(max((position + before - tap * dilation + stride - 1).floorDivided(by: stride), 0), output)
        }
        let windows = reaching(first)..<max(reaching(end), reaching(first))
        return windows.isEmpty ? 0..<0 : windows
    }
}
