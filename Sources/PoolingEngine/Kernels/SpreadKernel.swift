/// Spreads gradients of sums and means evenly over their windows, one input row at a time.
///
/// A row of the input gets the rows of windows that cover it, summed once, and each of its cells then the columns that
/// cover it: the work of an element grows with the sides of the kernel, not with its area.
struct SpreadKernel<Stored: RowElement>: BackwardKernel
where Stored.Computed: RealElement, Stored.Computed: RowValue {
    typealias Row = Stored.Computed

    private let geometry: WindowGeometry
    private let windows: RowWindows
    private let divisor: RowDivisor?
    /// The windows that cover each source position of an axis.
    private let depthCover: [Range<Int>]
    private let rowCover: [Range<Int>]
    private let columnCover: [Range<Int>]

    var name: String { isInterleaved ? "spread.interleaved" : "spread.planar" }
    var planeGroup: Int? { isInterleaved ? lanes : 1 }
    var addsOnly: Bool { false }

    private var isInterleaved: Bool { windows.input.column != 1 }
    /// Planes handled together.
    private var lanes: Int { isInterleaved ? geometry.lane.count : 1 }
    private var windowCount: Int { windows.depth.output * windows.rows.output * windows.columns.output }

    /// Room for the scaled gradients of the planes handled together, which stays in the second-level cache.
    private static var largestRoom: Int { 1 << 20 }

    init?(_ geometry: WindowGeometry, _ divisor: AvgOp.Divisor?) {
        guard let windows = RowWindows(geometry) else { return nil }
        self.geometry = geometry
        self.windows = windows
        self.divisor = divisor.map { RowDivisor($0, windows) }
        guard let depth = windows.depth.cover, let rows = windows.rows.cover, let columns = windows.columns.cover
        else { return nil }
        (depthCover, rowCover, columnCover) = (depth, rows, columns)
        let isDense =
            isInterleaved
            ? geometry.lane.input == 1 && geometry.lane.output == 1 && windows.input.column == geometry.lane.count
            : windows.output.column == 1 || windows.columns.output == 1
        guard isDense, windowCount * lanes <= Self.largestRoom else { return nil }
    }

    func backward(
        _ planes: Range<Int>, gradOutput: UnsafePointer<Stored>, gradInput: UnsafeMutablePointer<Row>
    ) -> DataFault? {
        let rowLength = windows.columns.output * lanes
        let scaled = UnsafeMutablePointer<Row>.allocate(capacity: windowCount * lanes)
        let summed = UnsafeMutablePointer<Row>.allocate(capacity: rowLength)
        defer {
            scaled.deallocate()
            summed.deallocate()
        }
        geometry.forEachRun(in: planes, longest: lanes) { run in
            scale(gradOutput + run.output, into: scaled)
            for depth in 0..<windows.depth.input {
                for row in 0..<windows.rows.input {
                    sumRows(depth, row, scaled, into: summed, rowLength)
                    let place = run.input &+ depth &* windows.input.depth &+ row &* windows.input.row
                    spread(summed, into: gradInput + place)
                }
            }
        }
        return nil
    }

    /// Each window's gradient over its divisor.
    private func scale(_ gradients: UnsafePointer<Stored>, into scaled: UnsafeMutablePointer<Row>) {
        let rowLength = windows.columns.output * lanes
        for depth in 0..<windows.depth.output {
            for row in 0..<windows.rows.output {
                let source = gradients + (depth &* windows.output.depth &+ row &* windows.output.row)
                let target = scaled + (depth &* windows.rows.output &+ row) &* rowLength
                for i in 0..<rowLength { target[i] = source[i].computed }
                guard let divisor else { continue }
                if lanes == 1 {
                    divisor.divide(target, count: rowLength, depth: depth, row: row, SumFold<Row>.self)
                } else {
                    for column in 0..<windows.columns.output {
                        let number = Row(divisor.divisor(depth: depth, row: row, column: column))
                        let cells = target + column &* lanes
                        for lane in 0..<lanes { cells[lane] /= number }
                    }
                }
            }
        }
    }

    /// The rows of windows that cover one input row, added up.
    @inline(__always)
    private func sumRows(
        _ depth: Int, _ row: Int, _ scaled: UnsafePointer<Row>, into summed: UnsafeMutablePointer<Row>, _ length: Int
    ) {
        var isFirst = true
        for window in depthCover[depth] {
            for line in rowCover[row] {
                let source = scaled + (window &* windows.rows.output &+ line) &* length
                if isFirst {
                    summed.update(from: source, count: length)
                } else {
                    for i in 0..<length { summed[i] += source[i] }
                }
                isFirst = false
            }
        }
        if isFirst { summed.update(repeating: .zero, count: length) }
    }

    /// Gives each cell of an input row the columns of windows that cover it.
    @inline(__always)
    private func spread(_ summed: UnsafePointer<Row>, into row: UnsafeMutablePointer<Row>) {
        if isInterleaved {
            spreadInterleaved(summed, into: row)
        } else if let regular = windows.columns.regular, regular.stride == 1 {
            spreadDense(summed, regular, into: row)
        } else if let regular = windows.columns.regular, regular.stride == 2, regular.kernel == 2, regular.before == 0 {
            for i in 0..<windows.columns.input / 2 {
                row[2 &* i] = summed[i]
                row[2 &* i &+ 1] = summed[i]
            }
            spreadCells(summed, windows.columns.input & ~1..<windows.columns.input, into: row)
        } else {
            spreadCells(summed, 0..<windows.columns.input, into: row)
        }
    }

    private func spreadCells(_ summed: UnsafePointer<Row>, _ cells: Range<Int>, into row: UnsafeMutablePointer<Row>) {
        for cell in cells {
            var sum = Row.zero
            for window in columnCover[cell] { sum += summed[window] }
            row[cell] = sum
        }
    }

    private func spreadDense(
        _ summed: UnsafePointer<Row>, _ regular: RowAxis.Regular, into row: UnsafeMutablePointer<Row>
    ) {
        row.update(repeating: .zero, count: windows.columns.input)
        for tap in 0..<regular.kernel {
            let shift = tap &- regular.before
            let first = max(0, -shift)
            let end = min(windows.columns.output, windows.columns.input &- shift)
            let target = row + shift
            for i in first..<max(end, first) { target[i] += summed[i] }
        }
    }

    private func spreadInterleaved(_ summed: UnsafePointer<Row>, into row: UnsafeMutablePointer<Row>) {
        for (column, cover) in columnCover.enumerated() {
            let target = row + column &* lanes
            guard let first = cover.first else {
                target.update(repeating: .zero, count: lanes)
                continue
            }
            target.update(from: summed + first &* lanes, count: lanes)
            for window in cover.dropFirst() {
                let source = summed + window &* lanes
                for lane in 0..<lanes { target[lane] += source[lane] }
            }
        }
    }
}

extension RowAxis {
    /// The windows that cover each source position; nil where windows do not follow each other.
    fileprivate var cover: [Range<Int>]? {
        let follow = zip(windows, windows.dropFirst()).allSatisfy {
            $0.lowerBound <= $1.lowerBound && $0.upperBound <= $1.upperBound
        }
        guard follow else { return nil }
        var (first, end) = (0, 0)
        return (0..<input).map { position in
            while first < output, windows[first].upperBound <= position { first += 1 }
            end = max(end, first)
            while end < output, windows[end].lowerBound <= position { end += 1 }
            return first..<end
        }
    }
}
