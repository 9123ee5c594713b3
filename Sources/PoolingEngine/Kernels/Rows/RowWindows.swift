/// Windows that are boxes of contiguous elements along up to three axes, the innermost of which row kernels fold first.
struct RowWindows: Sendable {
    let depth: RowAxis
    private(set) var rows: RowAxis
    private(set) var columns: RowAxis
    /// From element to element along each axis.
    private(set) var input: (depth: Int, row: Int, column: Int)
    private(set) var output: (depth: Int, row: Int, column: Int)
    /// From element to element in the numbers of a mask.
    private(set) var index: (depth: Int, row: Int, column: Int)

    /// Nil where windows are no boxes of contiguous elements, one of them is empty, or an axis is too long for a table.
    init?(_ geometry: WindowGeometry) {
        guard (1...3).contains(geometry.axes.count), geometry.binStrides.isEmpty, !geometry.isSelective
        else { return nil }
        var axes: [RowAxis] = []
        for taps in geometry.axes {
            guard let axis = RowAxis(taps) else { return nil }
            axes.append(axis)
        }
        let missing = 3 - axes.count
        func padded(_ strides: [Int]) -> (depth: Int, row: Int, column: Int) {
            let all = Array(repeating: 0, count: missing) + strides
            return (all[0], all[1], all[2])
        }
        axes.insert(contentsOf: Array(repeating: .none, count: missing), at: 0)
        (depth, rows, columns) = (axes[0], axes[1], axes[2])
        guard depth.output.multipliedSaturating(by: rows.output) <= RowAxis.longestTable else { return nil }
        input = padded(geometry.inputStrides)
        output = padded(geometry.outputStrides)
        index = padded(geometry.indexStrides)
    }

    /// The same with columns as rows, where there are no others or windows have all columns of a row.
    ///
    /// For kernels that handle planes side by side, which are a row then.
    var withColumnsAsRows: RowWindows {
        var changed = self
        let width = columns.input
        if rows.input == 1, rows.output == 1 {
            changed.rows = columns
            changed.output.row = output.column
        } else if columns.output == 1, columns.windows[0] == 0..<width, input.row == width * input.column,
            index.row == width * index.column
        {
            changed.rows = RowAxis(
                covering: rows.windows.map { $0.lowerBound * width..<$0.upperBound * width },
                output: rows.input * width)
        } else {
            return self
        }
        changed.columns = .none
        (changed.input.row, changed.index.row) = (input.column, index.column)
        return changed
    }

    /// One flat run a plane: every axis has one window over all of it, and no gaps between elements.
    var coversContiguousPlanes: Bool {
        let axes = [depth, rows, columns]
        return axes.allSatisfy { $0.output == 1 && $0.windows[0] == 0..<$0.input }
            && input.column == 1
            && (rows.input == 1 || input.row == columns.input)
            && (depth.input == 1 || input.depth == rows.input * columns.input)
    }

    /// Whether rows with their padding stay in proportion to the input, so that buffers and folds of them do.
    var isCompact: Bool { columns.isMostlyCells }

    /// Elements of the plane that windows see.
    var planeCount: Int { depth.input * rows.input * columns.input }
}
