/// Spreads gradients of sums and means evenly over their windows, one input row at a time.
///
/// A row of the input gets the rows of windows that cover it, summed once, and each of its cells then the columns that
/// cover it: the work of an element grows with the sides of the kernel, not with its area.
struct SpreadKernel<Stored: RowElement, Row: RealElement>: BackwardKernel
where Stored.Computed: RealElement {
    typealias Cells = PlainCells<SumFold<Row>>

    let geometry: WindowGeometry
    let windows: RowWindows
    let divisor: RowDivisor?
    let cover: SpreadCover
    /// Planes handled together, whose cells are side by side.
    let lanes: Int

    var name: String { lanes > 1 ? "spread.interleaved" : "spread.planar" }
    var units: WorkUnits { WorkUnits(planesOf: geometry, group: lanes) }
    var addsOnly: Bool { false }
    var scratchByteCount: Int { windows.coversContiguousPlanes ? 0 : lengths.byteCount }

    /// Room for the scaled gradients of the planes handled together, which stays in the second-level cache.
    private static var largestRoom: Int { 1 << 20 }

    init?(_ geometry: WindowGeometry, _ divisor: MeanDivisor?) {
        guard geometry.planeCount > 0, geometry.axes.allSatisfy({ $0.input <= SpreadCover.longestInput }),
            let windows = RowWindows(geometry), let cover = SpreadCover(windows, width: Cells.width)
        else { return nil }
        (self.geometry, self.windows, self.cover) = (geometry, windows, cover)
        self.divisor = divisor.map { RowDivisor($0, windows) }
        let isInterleaved = windows.input.column != 1 && geometry.lane.count > 1
        lanes = isInterleaved ? geometry.lane.count : 1
        // An axis of one element between columns and lanes can have several windows: what is dense in the input may have
        // gaps in the output.
        let lane = geometry.lane
        let isDense = !isInterleaved || (lane.input == 1 && lane.output == 1 && windows.input.column == lanes)
        guard isDense, lanes == 1 || windows.output.column == lanes || windows.columns.output == 1,
            windowCount.multipliedSaturating(by: lanes) <= Self.largestRoom
        else { return nil }
    }

    /// The buffers of a pass: scaled gradients, rows of windows added up with zeros on both sides, a row of the input.
    var lengths: RowBuffers<Cells>.Lengths {
        let (windowLength, inputLength) = (windows.columns.output * lanes, windows.columns.input * lanes)
        let rowCover = cover.rows.reduce(1) { max($0, $1.count) } * cover.depth.reduce(1) { max($0, $1.count) }
        return RowBuffers<Cells>.Lengths(
            parts: [
                windows.depth.output * windows.rows.output * scaledPitch, 2 * padding + windowLength + inputLength,
                inputLength,
            ], lineCount: cover.columns.reduce(rowCover) { max($0, $1.count) })
    }

    /// Cells from row to row of scaled gradients.
    var scaledPitch: Int { Cells.rounded(windows.columns.output * lanes) + Cells.width }
    /// Zeros that sums along a row see before it, at least.
    var columnKernel: Int { if case .sliding(let kernel) = cover.way { kernel } else { 0 } }
    private var padding: Int {
        columnKernel + (windows.columns.regular.map { max($0.before, 0) } ?? 0) + 2 * Cells.width
    }

    var windowCount: Int { windows.depth.output * windows.rows.output * windows.columns.output }

    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        indices: IndexNumbers?, gradInput: UnsafeMutablePointer<Row>, _ cancellation: Cancellation?
    ) -> DataFault? {
        var pace = Pace(cancellation)
        if windows.coversContiguousPlanes { return fill(planes, gradOutput, gradInput, &pace) }
        guard let buffers = RowBuffers<Cells>(lengths) else { return .outOfMemory }
        let pass = SpreadPass(kernel: self, buffers: buffers)
        var goesOn = true
        geometry.forEachRun(in: planes, longest: lanes) { run in
            goesOn = pass.spread(gradOutput + run.output, into: gradInput + run.input, &pace)
            return goesOn
        }
        return goesOn ? nil : .stopped
    }

    /// Global windows: every element of a plane gets the same.
    private func fill(
        _ planes: Range<Int>, _ gradOutput: UnsafePointer<Stored>, _ gradInput: UnsafeMutablePointer<Row>,
        _ pace: inout Pace
    ) -> DataFault? {
        var goesOn = true
        let number = divisor.map { Row($0.divisor(depth: 0, row: 0, column: 0)) }
        let count = windows.planeCount
        geometry.forEachRun(in: planes, longest: 1) { run in
            let gradient = Row(gradOutput[run.output].computed.double)
            let share = number.map { gradient / $0 } ?? gradient
            (gradInput + run.input).update(repeating: share, count: count)
            goesOn = pace.goesOn(after: count)
            return goesOn
        }
        return goesOn ? nil : .stopped
    }
}

extension RowAxis {
    /// The windows that cover each source position; nil where windows do not follow each other.
    var cover: [Range<Int>]? {
        guard isAscending else { return nil }
        var (first, end) = (0, 0)
        return (0..<input).map { position in
            while first < output, windows[first].upperBound <= position { first += 1 }
            end = max(end, first)
            while end < output, windows[end].lowerBound <= position { end += 1 }
            return first..<end
        }
    }
}
