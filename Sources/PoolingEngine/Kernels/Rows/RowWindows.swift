/// Windows that are boxes of contiguous elements along up to three axes, the innermost of which row kernels fold first.
///
/// A class, because a part of a layer hands it on more often than it is used.
final class RowWindows: Sendable {
    typealias Strides = (depth: Int, row: Int, column: Int)

    let depth: RowAxis
    let rows: RowAxis
    let columns: RowAxis
    /// From element to element along each axis.
    let input: Strides
    let output: Strides
    /// From element to element in the indices.
    let index: Strides

    private init(
        depth: RowAxis, rows: RowAxis, columns: RowAxis, input: Strides, output: Strides, index: Strides
    ) {
        (self.depth, self.rows, self.columns) = (depth, rows, columns)
        (self.input, self.output, self.index) = (input, output, index)
    }

    /// Nil where windows are no boxes of contiguous elements, one of them is empty, or an axis is too long for a table.
    convenience init?(_ geometry: WindowGeometry) {
        let axes = geometry.axes
        guard (1...3).contains(axes.count), geometry.binStrides.isEmpty, !geometry.isSelective,
            let columns = RowAxis(axes[axes.count - 1]),
            let rows = axes.count > 1 ? RowAxis(axes[axes.count - 2]) : RowAxis.none,
            let depth = axes.count > 2 ? RowAxis(axes[0]) : RowAxis.none,
            depth.output.multipliedSaturating(by: rows.output) <= RowAxis.longestTable
        else { return nil }
        func padded(_ strides: [Int]) -> Strides {
            let count = strides.count
            return (count > 2 ? strides[0] : 0, count > 1 ? strides[count - 2] : 0, strides[count - 1])
        }
        self.init(
            depth: depth, rows: rows, columns: columns, input: padded(geometry.inputStrides),
            output: padded(geometry.outputStrides), index: padded(geometry.indexStrides))
    }

    /// The same with columns as rows, where there are no others or windows have all columns of a row.
    ///
    /// For kernels that handle planes side by side, which are a row then.
    var withColumnsAsRows: RowWindows {
        let width = columns.input
        let (rows, outputRow): (RowAxis, Int)
        if self.rows.input == 1, self.rows.output == 1 {
            (rows, outputRow) = (columns, output.column)
        } else if columns.output == 1, columns.windows[0] == 0..<width, input.row == width * input.column,
            index.row == width * index.column
        {
            let cover = self.rows.windows.map { $0.lowerBound * width..<$0.upperBound * width }
            (rows, outputRow) = (RowAxis(covering: cover, output: self.rows.input * width), output.row)
        } else {
            return self
        }
        return RowWindows(
            depth: depth, rows: rows, columns: .none,
            input: (depth: input.depth, row: input.column, column: input.column),
            output: (depth: output.depth, row: outputRow, column: output.column),
            index: (depth: index.depth, row: index.column, column: index.column))
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

    /// From result to result of a row; 1 where a row has one.
    var outputStep: Int { columns.output == 1 ? 1 : output.column }

    /// Elements of the plane that windows see.
    var planeCount: Int { depth.input * rows.input * columns.input }
}
