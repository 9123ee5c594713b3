/// Which windows the cells of a footprint read something for, in closed form.
struct FootprintCover {
    private let footprint: Footprint
    private let axes: [SlidingAxis]
    private let cancellation: Cancellation?
    /// Kinds of windows that are told apart, at most: a small number of each cell's that the request has.
    private let largestGrid: Int

    /// Bytes of tables, at most: nothing reserves them, and whoever asks for more asks for no filter.
    private static let largestTables = 16 << 20

    /// - Parameter count: how many footprints of this kind a request has.
    init(_ footprint: Footprint, _ axes: [SlidingAxis], of count: Int = 1, _ cancellation: Cancellation?) {
        largestGrid = min(
            max((1 << 16) / count, footprint.cells.count.multipliedSaturating(by: 16)),
            Self.largestTables / MemoryLayout<Int32>.stride)
        self.footprint = footprint
        self.axes = axes
        self.cancellation = cancellation
    }

    /// Cells that all windows of one plane read; saturates.
    func totalTaps() throws(PoolingError) -> Int {
        var total = 0
        try footprint.forEachCell(cancellation) { position in
            let reading = zip(axes, position).reduce(1) {
                $0.multipliedSaturating(by: $1.0.windows(readingWith: $1.1).count)
            }
            total = total.addingSaturating(reading)
        }
        return total
    }

    /// The first window for which no cell reads anything, as its position along each axis; nil where there is none.
    func emptyWindow(_ reader: FieldReader) throws(PoolingError) -> [Int]? {
        if axes.count == 1 { return try emptyWindowOfOneAxis().map { [$0] } }
        let positions = axes.reduce(0) { $0.addingSaturating($1.kernel) }
        guard positions <= Self.largestTables / WindowKinds.byteCountPerPosition else { throw tooLarge(reader) }
        var kinds: [WindowKinds] = []
        for axis in axes { kinds.append(try WindowKinds(axis, cancellation)) }
        if try readsEverywhere(kinds) { return nil }
        let extents = kinds.map { $0.count + 1 }
        let grid = extents.reduce(1) { $0.multipliedSaturating(by: $1) }
        let corners = 1 << min(kinds.count { $0.count > 1 }, 30)
        guard grid <= largestGrid, footprint.count.multipliedSaturating(by: corners) <= 4 * largestGrid else {
            throw tooLarge(reader)
        }
        let counts = try coverCounts(kinds, extents)
        let strides = extents.rowMajorStrides
        for kind in 0..<grid where counts[kind] == 0 {
            let position = strides.indices.map { kind / strides[$0] % extents[$0] }
            guard zip(position, kinds).allSatisfy({ $0 < $1.count }) else { continue }
            return zip(kinds, position).map { $0.starts[$1] }
        }
        return nil
    }

    private func tooLarge(_ reader: FieldReader) -> PoolingError {
        reader.rejection(.workTooLarge, at: "footprint", "the footprint gives too many different border windows")
    }

    /// The first window along the only axis for which no cell reads anything.
    ///
    /// Later cells read with earlier windows, so that the last cell comes first.
    func emptyWindowOfOneAxis() throws(PoolingError) -> Int? {
        var next = 0
        for cell in (0..<footprint.cells.count).reversed() {
            try cancellation?.checkpoint(at: cell)
            guard footprint[cell] else { continue }
            let windows = axes[0].windows(readingWith: cell)
            if windows.isEmpty { continue }
            if windows.lowerBound > next { return next }
            next = max(next, windows.upperBound)
        }
        return next < axes[0].output ? next : nil
    }

    /// Whether one cell alone reads something for every window.
    private func readsEverywhere(_ kinds: [WindowKinds]) throws(PoolingError) -> Bool {
        var isEverywhere = false
        try footprint.forEachCell(cancellation) { position in
            isEverywhere =
                isEverywhere || zip(kinds, position).allSatisfy { $0.reading[$1] == 0..<$0.count }
        }
        return isEverywhere
    }

    /// How many cells read something for each kind of window: each adds to a box of kinds, whose corners are summed up.
    private func coverCounts(_ kinds: [WindowKinds], _ extents: [Int]) throws(PoolingError) -> [Int32] {
        let strides = extents.rowMajorStrides
        var counts = [Int32](repeating: 0, count: extents.reduce(1, *))
        func add(_ position: [Int], _ axis: Int, _ index: Int, _ sign: Int32) {
            guard axis < extents.count else {
                counts[index] &+= sign
                return
            }
            let reading = kinds[axis].reading[position[axis]]
            add(position, axis + 1, index + reading.lowerBound * strides[axis], sign)
            if reading.upperBound < extents[axis] - 1 {
                add(position, axis + 1, index + reading.upperBound * strides[axis], -sign)
            }
        }
        try footprint.forEachCell(cancellation) { position in
            let isEmpty = zip(kinds, position).contains { $0.reading[$1].isEmpty }
            if !isEmpty { add(position, 0, 0, 1) }
        }
        for (axis, stride) in strides.enumerated() {
            for index in counts.indices {
                try cancellation?.checkpoint(at: index)
                if index / stride % extents[axis] > 0 { counts[index] &+= counts[index - stride] }
            }
        }
        return counts
    }
}

extension SlidingAxis {
    /// The windows for which a position along the kernel lies on the input, or on padding that takes part.
    func windows(readingWith tap: Int) -> Range<Int> {
        let first = mode == .ignore ? 0 : -before
        let end = mode == .ignore ? input : input + after
        func reaching(_ position: Int) -> Int {
            min(max((position + before - tap * dilation + stride - 1).floorDivided(by: stride), 0), output)
        }
        let windows = reaching(first)..<max(reaching(end), reaching(first))
        return windows.isEmpty ? 0..<0 : windows
    }
}
