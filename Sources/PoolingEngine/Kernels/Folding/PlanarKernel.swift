/// Folds windows row by row where the columns of a plane are side by side (channels first), or one plane whose columns are
/// not.
///
/// Rows are folded along their columns first, all of them in one loop, and then from row to row, so that windows which
/// overlap share the work. Folding along the row first and then from row to row is row-major order. Where columns must be
/// gathered one by one, rows are folded first, so that fewer are.
final class PlanarKernel<Cells: RowCells>: RowFolding {
    let format: RowFormat<Cells.Row>
    let geometry: WindowGeometry
    let windows: RowWindows
    let sliding: RowSliding
    let sheets: PlanarSheets
    let divisors: RowDivisors<Cells>?
    /// Whether rows are read where they are, except at the end of the input.
    let readsInPlace: Bool
    /// Cells of the padded rows of one depth.
    let paddedCount: Int
    /// The buffers of a pass, in this order: rows of results, divisors, padded rows, spare rows, folded rows.
    let lengths: RowBuffers<Cells>.Lengths

    /// Vectors of windows in a row from which on the ends of rows cost little.
    private static var longRow: Int { 8 }

    var name: String { "rows.planar" }
    var units: WorkUnits { WorkUnits(count: geometry.planeCount, group: 1) }
    var scratchByteCount: Int { lengths.byteCount }

    /// Nil where columns are too irregular, or windows do not follow each other.
    init?(
        _ format: RowFormat<Cells.Row>, _ geometry: WindowGeometry, _ windows: RowWindows, _ divisor: RowDivisor?
    ) {
        let isSelection = Cells.Fold.isSelection
        guard windows.rows.isAscending,
            let sliding = RowSliding(windows, width: Cells.width, isSelection: isSelection)
        else { return nil }
        (self.format, self.geometry, self.windows, self.sliding) = (format, geometry, windows, sliding)
        if let divisor {
            guard let lines = RowDivisors<Cells>(divisor, windows) else { return nil }
            divisors = lines
        } else {
            divisors = nil
        }
        sheets = PlanarSheets(
            geometry, windows, sliding, cellSize: MemoryLayout<Cells.Row>.stride, isSelection: isSelection,
            divisors: divisors?.starts)
        // One long row takes fewer vectors than many short ones, which pays for copying them together.
        let needsPitch =
            if case .byDoubling = sliding.way { true } else {
                Cells.hasIndices || sliding.followsRows || windows.columns.output < Self.longRow * Cells.width
            }
        readsInPlace =
            format.isStored && windows.input.column == 1 && !sliding.needsPadding
            && (!needsPitch || windows.input.row == sheets.paddedPitch)
            && !(sliding.followsRows && sheets.slots > 1)
        paddedCount = sheets.rowCount * sheets.paddedPitch + sliding.overrun + windows.columns.output * sliding.stride
        lengths = RowBuffers<Cells>.Lengths(
            parts: [
                sheets.lineCount * windows.columns.output, divisors?.cells.count ?? 0, sheets.slots * paddedCount,
                sheets.foldedCount, max(sheets.tableCount, sheets.slots) * sheets.foldedCount,
            ], lineCount: 0)
    }

    func forward(
        _ planes: Range<Int>, input: Elements, output: MutableElements, indices: UnsafeMutablePointer<Int64>?,
        _ cancellation: Cancellation?
    ) -> DataFault? {
        guard let buffers = RowBuffers<Cells>(lengths) else { return .outOfMemory }
        let pass = PlanarPass(kernel: self, buffers: buffers, end: input + geometry.inputCount)
        var pace = Pace(cancellation)
        var goesOn = true
        geometry.forEachRun(in: planes, longest: sheets.stack ?? 1) { run in
            let target = PlanarTarget(
                output: output + run.output, indices: indices.map { $0 + run.output }, number: run.index)
            if sheets.stack != nil {
                goesOn = pass.fold(planes: run.count, input + run.input, to: target, &pace)
            } else {
                goesOn = pass.fold(plane: input + run.input, to: target, &pace)
            }
            return goesOn
        }
        return goesOn ? nil : .stopped
    }
}

/// Where results go.
struct PlanarTarget {
    let output: MutableElements
    let indices: UnsafeMutablePointer<Int64>?
    /// What is added to their indices.
    let number: Int

    func moved(by offset: Int, number step: Int) -> PlanarTarget {
        PlanarTarget(output: output + offset, indices: indices.map { $0 + offset }, number: number &+ step)
    }
}
