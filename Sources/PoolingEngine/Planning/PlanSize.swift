/// Bytes that a plan keeps, counted from its windows before any kernel is made: an upper bound.
///
/// What kernels list is known from the sizes of axes alone. A kernel that turns out to list less, because it gathers
/// windows one by one, is counted all the same.
struct PlanSize {
    /// A plan without kernels.
    static let plan = 1 << 10
    /// A kernel and its geometry, without tables.
    private static let kernel = 3 << 10
    /// The op of one channel, where each has its own number.
    private static let variant = 1 << 10
    /// A window of an axis: its range, the cells that it declares, what it is divided by, and where it starts.
    private static let window = 40
    /// A row of windows: the band that it is in, and where its divisors start.
    private static let row = 96
    /// A row of windows of a plane in a stack: the rows that it is folded from.
    private static let line = 48
    private static let stackedLines = 256
    /// Divisors of rows of windows, in room for as many again.
    private static let divisor = 16
    private static let mostDivisors = 1 << 17
    /// The windows that read an input position of an axis, unless the axis is longer than is listed.
    private static let cover = 16
    /// The weight of a tap, its offset and remainder, and where it reads a row.
    private static let tap = 32

    let op: any PoolingOp
    let isGradient: Bool

    /// Saturates.
    func byteCount(of windows: LayerWindows) -> Int {
        let variants = op.learnable.map { $0.parameter.isList ? $0.parameter.values.count : 0 } ?? 0
        let own = variants.multipliedSaturating(by: Self.variant).addingSaturating(op.tableByteCount)
        switch windows {
        case .whole(let geometries): return geometries.reduce(own) { $0.addingSaturating(byteCount(of: $1)) }
        // Kernels of parts are made while they are computed.
        case .parts, .sampled: return own.addingSaturating(Self.kernel)
        }
    }

    /// Whether gradients are spread by which windows cover an element.
    private var spreads: Bool { if isGradient, case .sum = op.fold { true } else { false } }

    private func byteCount(of geometry: WindowGeometry) -> Int {
        // Kernels that fold rows are made of pieces of long axes.
        let parts = op.fold == nil || spreads ? [geometry] : geometry.cropped.cut ?? [geometry]
        return parts.reduce(0) { total, part in
            let axes = part.axes.reduce(0) { $0.addingSaturating(byteCount(of: $1)) }
            return total.addingSaturating(isGradient ? 2 * Self.kernel : Self.kernel).addingSaturating(axes)
                .addingSaturating(columns(of: part)).addingSaturating(lines(of: part))
        }
    }

    private func byteCount(of axis: AxisTaps) -> Int {
        var byteCount = axis.listByteCount
        if axis.isListed {
            byteCount += axis.output * Self.window
            if isGradient, axis.input <= SpreadCover.longestInput { byteCount += axis.input * Self.cover }
        }
        if case .strided = axis.pattern, op.tapWeights != nil, axis.kernel <= TapAxis.mostTaps {
            byteCount += axis.kernel * Self.tap
        }
        return byteCount
    }

    /// The tables of the columns that each window, or each input position, of a row reads.
    private func columns(of geometry: WindowGeometry) -> Int {
        guard let axis = geometry.axes.last, geometry.axes.allSatisfy(\.isListed) else { return 0 }
        var entries = 0
        if spreads {
            let isCovered = geometry.axes.allSatisfy { $0.input <= SpreadCover.longestInput }
            entries = isCovered ? spreadColumns(of: axis) : 0
        } else if geometry.inputStrides.last == 1 {
            entries = listedColumns(of: axis) + (isGradient ? coveredColumns(of: axis) : 0)
        }
        return entries.multipliedSaturating(by: MemoryLayout<Int32>.stride)
    }

    private func listedColumns(of axis: AxisTaps) -> Int {
        if op.fold != nil, axis.isFoldedEvenly { return 0 }
        let width = op.fold == nil ? Float.width : Self.widestVector
        return min(axis.output.rounded(to: width).multipliedSaturating(by: axis.largestCount), RowTaps.mostEntries)
    }

    private func spreadColumns(of axis: AxisTaps) -> Int {
        min(axis.coverCount(width: Self.widestVector), RowTaps.mostCovering)
    }

    /// Only where the columns of windows are listed too, which are about as many.
    private func coveredColumns(of axis: AxisTaps) -> Int {
        guard op.fold == nil, axis.input <= SpreadCover.longestInput else { return 0 }
        return min(axis.coverCount(width: Float.width), RowTaps.mostCovering)
    }

    /// What each row of windows is folded from and divided by, where the columns of a plane are side by side.
    private func lines(of geometry: WindowGeometry) -> Int {
        guard let fold = op.fold, !spreads, geometry.inputStrides.last == 1, let columns = geometry.axes.last,
            columns.isListed
        else { return 0 }
        let rows = geometry.axes.dropLast()
        let count = rows.reduce(1) { $0.multipliedSaturating(by: $1.output) }
        guard count <= RowAxis.longestTable else { return 0 }
        let stacked = min(Self.stackedLines, count.multipliedSaturating(by: geometry.planeCount))
        let lines = count * Self.row + max(count, stacked) * Self.line
        guard case .sum(let divisor?) = fold else { return lines }
        let isFixed = if case .fixed = divisor { true } else { false }
        let kinds = isFixed ? 1 : rows.reduce(1) { $0.multipliedSaturating(by: $1.differentCounts) }
        let divisors = min(min(kinds, count).multipliedSaturating(by: columns.output), Self.mostDivisors)
        return lines + (divisors + Self.widestVector) * Self.divisor
    }

    private static let widestVector = 64
}

extension AxisTaps {
    /// Bytes of the lists that it holds.
    fileprivate var listByteCount: Int {
        switch pattern {
        case .bounds(let bounds, _): bounds.count * MemoryLayout<Int>.stride
        case .groups(let groups): 4 * groups.rowCount + 8 * groups.groupCount
        case .strided, .bins, .starts: 0
        }
    }

    /// Whether row kernels list its windows.
    fileprivate var isListed: Bool { output <= RowAxis.longestTable }

    /// Whether windows are folded one after the other, without a table of their columns.
    fileprivate var isFoldedEvenly: Bool {
        if case .strided(let stride, _, _, _, _) = pattern { stride <= 2 || output == 1 } else { output == 1 }
    }

    /// Entries of a table of the windows that read each input position.
    fileprivate func coverCount(width: Int) -> Int {
        input.rounded(to: width).multipliedSaturating(by: min(largestShareCount, output))
    }

    /// How many different numbers of cells its windows have, at most.
    fileprivate var differentCounts: Int {
        switch pattern {
        case .strided: min(output, output - (wholeOutputs?.count ?? 0) + 1)
        case .bins: min(output, 4)
        case .starts: 1
        case .bounds, .groups: output
        }
    }
}
