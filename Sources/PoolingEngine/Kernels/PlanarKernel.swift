/// Folds windows row by row where the columns of a plane stand side by side (channels first).
///
/// A plane is worked on in bands of rows that stay in the first-level cache. Each row of a band is folded along its
/// columns once, all rows in one loop, and then rows are folded into windows, so that windows which overlap share the
/// work. Folding along the row first and then from row to row is row-major order.
struct PlanarKernel<Format: RowFormat, Cells: RowCells>: ForwardKernel where Format.Row == Cells.Row {
    typealias Stored = Format.Stored

    let geometry: WindowGeometry
    let windows: RowWindows
    let divisor: RowDivisor?
    let sliding: RowSliding
    let bands: RowBands
    /// Cells from row to row of padded rows, and of rows of windows.
    let paddedPitch: Int
    let foldedPitch: Int
    /// Tables of windows of 1, 2, 4, … rows; 1 where windows are not high enough for that to pay.
    let tableCount: Int

    /// Whether rows are read where they stand, except at the end of the input.
    let readsInPlace: Bool

    /// Vectors of windows in a row from which on the ends of rows cost little.
    private static var longRow: Int { 8 }

    var name: String { "rows.planar" }
    var planeGroup: Int { 1 }

    /// Nil where columns are too irregular, or windows do not follow each other.
    init?(_ geometry: WindowGeometry, _ windows: RowWindows, _ divisor: RowDivisor?) {
        let isChoice = Cells.Fold.isChoice
        guard windows.rows.isAscending,
            let sliding = RowSliding(windows.columns, width: Cells.width, isChoice: isChoice)
        else { return nil }
        (self.geometry, self.windows, self.divisor, self.sliding) = (geometry, windows, divisor, sliding)
        let stride = sliding.stride
        // Rows of windows are as many cells apart as padded rows have windows, so that all rows are one long row.
        let cells = max(sliding.span, sliding.before + windows.columns.input)
        paddedPitch = max((cells + stride - 1) / stride, windows.columns.output) * stride
        foldedPitch = paddedPitch / stride
        let rowBytes = (paddedPitch + foldedPitch) * MemoryLayout<Cells.Row>.stride
        let tables = RowBands.tableCount(windows, rowBytes: rowBytes, isChoice: isChoice)
        tableCount = tables ?? 1
        // One long row takes fewer vectors than many short ones, which pays for copying them together.
        let needsPitch =
            if case .byDoubling = sliding.way { true } else {
                Cells.hasPlaces || windows.columns.output < Self.longRow * Cells.width
            }
        readsInPlace =
            Format.isStored && !sliding.needsPadding && (!needsPitch || windows.input.row == paddedPitch)
        bands = RowBands(windows.rows, rowLimit: tables == nil ? max(RowBands.bytes / rowBytes, 1) : .max)
    }

    func forward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?
    ) -> DataFault? {
        var pass = PlanarPass(kernel: self, end: input + geometry.inputCount)
        geometry.forEachRun(in: planes, longest: 1) { run in
            for depth in 0..<windows.depth.output {
                let place = run.output &+ depth &* windows.output.depth
                pass.fold(
                    depth, plane: input + run.input,
                    to: PlanarTarget(output: output + place, indices: indices.map { $0 + place }, number: run.index))
            }
        }
        return nil
    }
}

/// Where the answers of one depth of a plane go.
struct PlanarTarget<Stored> {
    let output: UnsafeMutablePointer<Stored>
    let indices: UnsafeMutablePointer<Int64>?
    /// Of the plane, in the numbers of a mask.
    let number: Int
}
