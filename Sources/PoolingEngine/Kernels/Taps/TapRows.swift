/// Windows of one size and step, as rows that each tap reads for many windows at once.
///
/// Where the columns of a plane are side by side, a row is sorted by the remainders of its positions, so that the cells
/// which one tap reads for neighbouring windows follow each other. Where planes do, each column is a run of their cells.
final class TapRows: Sendable {
    let geometry: WindowGeometry
    let depth: TapAxis
    let rows: TapAxis
    let columns: TapAxis
    /// Planes handled together, whose cells are side by side; 1 where columns do.
    let lanes: Int
    /// A row of the input is sorted into runs: the positions with one remainder each.
    let runs: [Run]
    /// Cells of a run with padding.
    let runLength: Int
    /// From the start of a row to the cell that each tap of the first window reads.
    let tapOffsets: [Int]

    /// The positions of a row that have one remainder: the first of them, and as cells.
    struct Run: Sendable {
        let remainder: Int
        let position: Int
        let cells: Range<Int>

        init(_ remainder: Int, _ columns: TapAxis) {
            let (stride, before) = (columns.stride, columns.before)
            let first = before > remainder ? (before - remainder + stride - 1) / stride : 0
            self.remainder = remainder
            position = first * stride + remainder - before
            cells = first..<max((columns.input + before - remainder + stride - 1) / stride, first)
        }
    }

    var units: WorkUnits { WorkUnits(planesOf: geometry, group: lanes) }

    /// Planes handled together at most.
    private static let mostLanes = 64
    /// Fewer windows in a row leave most of a vector empty.
    private static let fewestColumns = 4
    private static let mostRemainders = 16
    /// Rows that take more do not stay in a cache.
    private static let largestScratch = 4 << 20

    /// Nil where windows have several sizes, see other parts of a mask, or take too much memory.
    ///
    /// - Parameter weights: planes that are handled together must have the same.
    init?(_ geometry: WindowGeometry, _ weights: WeightTable) {
        guard (1...3).contains(geometry.axes.count), geometry.planeCount > 0, geometry.binStrides.isEmpty,
            geometry.laneStarts == nil, !geometry.isSelective
        else { return nil }
        var axes: [TapAxis] = []
        for (axis, taps) in geometry.axes.enumerated() {
            guard
                let tapAxis = TapAxis(
                    taps, inputStride: geometry.inputStrides[axis], outputStride: geometry.outputStrides[axis])
            else { return nil }
            axes.append(tapAxis)
        }
        axes.insert(contentsOf: repeatElement(.none, count: 3 - axes.count), at: 0)
        (self.geometry, depth, rows, columns) = (geometry, axes[0], axes[1], axes[2])
        let lane = geometry.lane
        if columns.inputStride == 1, columns.outputStride == 1 {
            guard columns.output >= Self.fewestColumns,
                min(columns.kernel, columns.stride) <= Self.mostRemainders
            else { return nil }
            lanes = 1
            let remainders = Set(columns.remainders).sorted()
            runs = remainders.map { [columns] in Run($0, columns) }
            runLength = TapSum.Cells.rounded(columns.output) + columns.largestMove + TapSum.width
            let length = runLength
            tapOffsets = (0..<columns.kernel).map { [columns] tap in
                (remainders.firstIndex(of: columns.remainders[tap]) ?? 0) * length + columns.moves[tap]
            }
        } else {
            guard lane.count > 1, lane.input == 1, lane.output == 1, lane.channel == 0 || weights.perChannel == nil
            else { return nil }
            lanes = min(lane.count, Self.mostLanes)
            runs = [Run(0, columns)]
            let pitch = TapSum.Cells.rounded(lanes)
            runLength = ((columns.output - 1) * columns.stride + columns.reach) * pitch
            tapOffsets = (0..<columns.kernel).map { [columns] in $0 * columns.dilation * pitch }
        }
        let bytes = max(inputLengths.byteCount, gradientLengths.byteCount)
        guard bytes <= Self.largestScratch else { return nil }
    }

    /// Cells from column to column of a row.
    var pitch: Int { lanes == 1 ? 1 : TapSum.Cells.rounded(lanes) }
    var taps: Int { depth.kernel * rows.kernel * columns.kernel }

    /// Cells of a row of the input.
    var inputLength: Int { runs.count * runLength }
    /// Rows that the taps of a window reach over, along depth and rows.
    var inputSlots: TapLines.Slots { TapLines.Slots(depth: depth.reach, rows: rows.reach) }

    /// Zeros before a row of gradients.
    var gradientStart: Int { lanes == 1 ? columns.largestMove : 0 }
    /// Cells of a row of gradients with zeros on both sides, which the windows beyond them have.
    var gradientLength: Int {
        guard lanes == 1 else { return columns.output * pitch }
        let windows = max(columns.output, (columns.input + columns.before) / columns.stride + 1)
        return gradientStart + TapSum.Cells.rounded(windows) + TapSum.width
    }
    /// Rows of windows that read one row of the input.
    var gradientSlots: TapLines.Slots { TapLines.Slots(depth: depth.largestMove + 1, rows: rows.largestMove + 1) }

    /// The buffers of values and of derivatives of weights: rows of the input, weights, results or a row of gradients,
    /// eight sums for each tap, and the numbers of the rows that are held.
    ///
    /// There are lines for the cells and for the sums of every tap.
    var inputLengths: TapSum.Buffers.Lengths {
        TapSum.Buffers.Lengths(
            parts: [
                inputSlots.count.multipliedSaturating(by: inputLength), taps,
                TapSum.Cells.rounded(columns.output) + pitch, taps.multipliedSaturating(by: TapSum.width),
                inputSlots.count,
            ], lineCount: 2 * taps)
    }

    /// Cells from remainder to remainder in a row of the input that is sorted by them.
    var sortedPitch: Int { lanes == 1 ? columns.input / columns.stride + 2 * TapSum.width : 0 }

    /// The buffers of gradients: rows of gradients, weights, a row of the input, the first weight of each row that has
    /// shares in it, and the numbers of the rows that are held.
    var gradientLengths: TapSum.Buffers.Lengths {
        TapSum.Buffers.Lengths(
            parts: [
                gradientSlots.count.multipliedSaturating(by: gradientLength), taps,
                runs.count * sortedPitch, depth.kernel * rows.kernel, gradientSlots.count,
            ], lineCount: 2 * taps)
    }

    /// From the start of a row to the run of even positions, and to that of odd ones; nil where there are other runs.
    var pairs: (evens: Int, odds: Int)? {
        guard lanes == 1, columns.stride == 2, runs.count == 2, runs[0].cells.upperBound <= runLength,
            runs[1].cells.upperBound <= runLength
        else { return nil }
        let (first, second) = (runs[0].cells.lowerBound, runLength &+ runs[1].cells.lowerBound)
        return runs[0].position == 0 ? (first, second) : (second, first)
    }

    /// Where a row of windows is in the output, from its plane on.
    @inline(__always)
    func outputOffset(_ depth: Int, _ row: Int) -> Int {
        depth &* self.depth.outputStride &+ row &* rows.outputStride
    }

    /// Where a row of the input is, from its plane on.
    @inline(__always)
    func inputOffset(_ depth: Int, _ row: Int) -> Int {
        depth &* self.depth.inputStride &+ row &* rows.inputStride
    }

    /// Calls `body` with each row of windows, by depth and row.
    @inline(__always)
    static func forEachRow(_ depth: Int, _ rows: Int, while body: (_ depth: Int, _ row: Int) -> Bool) -> Bool {
        for slice in 0..<depth {
            for row in 0..<rows {
                guard body(slice, row) else { return false }
            }
        }
        return true
    }
}
