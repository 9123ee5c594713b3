/// Gradients that are added up in a wider type than that of the result, a strip of the input at a time: each strip is
/// rounded while its sums are in the cache.
struct GradientStrips: Sendable {
    /// Planes whose elements are next to each other.
    private let rowLength: Int
    private let elementsPerRow: Int
    /// Planes that kernels keep together, in whole rows.
    private let group: Int
    private let planeCount: Int
    private let sumType: SumType

    /// Nil where kernels do not go through the same planes, or planes do not follow each other in memory.
    init?(_ kernels: [PlannedBackwardKernel], _ geometries: [WindowGeometry], _ sumType: SumType) {
        guard let first = geometries.first, let rows = first.rowsInMemory,
            geometries.allSatisfy({ $0.rowsInMemory == rows }),
            kernels.allSatisfy({ $0.units.count == first.planeCount })
        else { return nil }
        (rowLength, elementsPerRow, planeCount) = (rows.planes, rows.elements, first.planeCount)
        group = kernels.reduce(rows.planes) { max($0, $1.units.group.rounded(to: rows.planes)) }
        self.sumType = sumType
        guard group < planeCount else { return nil }
    }

    /// Bytes of the sums of a strip, which each thread has.
    var byteCount: Int {
        elementCount(of: 0..<length(byteCount: Workspace.standardStripByteCount))
            .multipliedSaturating(by: sumType.elementType.size)
    }

    /// Planes of a strip, whose sums have so many bytes or those of one group.
    private func length(byteCount: Int) -> Int {
        let fitting = byteCount / sumType.elementType.size / max(elementCount(of: 0..<group), 1)
        return min(group.multipliedSaturating(by: max(fitting, 1)), planeCount)
    }

    /// Runs kernels over all planes.
    ///
    /// - Parameter pass: its sums are the result, in a type of its own.
    func run(
        _ kernels: [PlannedBackwardKernel], _ pass: BackwardPass, _ workspace: Workspace
    ) throws(PoolingError) {
        let length = length(byteCount: workspace.stripByteCount)
        try workspace.run(WorkUnits(count: planeCount, group: group)) { planes in
            let count = elementCount(of: 0..<min(length, planes.count))
            guard let sums = try? Tensor(allocating: sumType.elementType, shape: [count]) else { return .outOfMemory }
            for start in stride(from: planes.lowerBound, to: planes.upperBound, by: length) {
                let strip = start..<min(start + length, planes.upperBound)
                let first = start / rowLength * elementsPerRow
                let fault = pass.run(kernels, strip, rounding: sums, elementCount(of: strip), from: first)
                if let fault { return fault }
            }
            return nil
        }
    }

    private func elementCount(of planes: Range<Int>) -> Int { planes.count / rowLength * elementsPerRow }
}

extension BackwardPass {
    /// Some kernels, whose sums for `count` elements of the input from `first` on are then rounded into the sums of this
    /// pass, which are the result.
    func run(
        _ kernels: [PlannedBackwardKernel], _ planes: Range<Int>? = nil, rounding sums: Tensor, _ count: Int,
        from first: Int
    ) -> DataFault? {
        if kernels.contains(where: \.addsOnly) { sums.clear(count, from: 0) }
        var adding = self
        (adding.sums, adding.firstSum) = (sums, first)
        if let fault = adding.run(kernels, planes) { return fault }
        do throws(PoolingError) {
            try sums.round(count, into: self.sums, at: first)
        } catch {
            return .outOfMemory
        }
        return nil
    }
}

extension WindowGeometry {
    /// Rows of planes that follow each other in the input's memory.
    fileprivate struct RowsInMemory: Equatable {
        let planes: Int
        let elements: Int
    }

    /// A plane each, or as many as are side by side; nil where the rows are not all of the input, one after the other.
    fileprivate var rowsInMemory: RowsInMemory? {
        guard inputBase == 0, laneStarts == nil, binStrides.isEmpty, planeCount > 0, inputCount > 0 else { return nil }
        let isInterleaved = lane.input == 1 && levels.count > 1
        let planes = isInterleaved ? lane.count : 1
        let rows = isInterleaved ? levels.dropLast() : levels[...]
        guard let step = rows.last?.input else { return nil }
        let length = rows.reversed().reduce(step) { $1.input == $0 ? $0.multipliedSaturating(by: $1.count) : -1 }
        let last = zip(axes, inputStrides).reduce(planes - 1) { $0 + ($1.0.input - 1) * $1.1 }
        guard last < step, length == inputCount else { return nil }
        return RowsInMemory(planes: planes, elements: step)
    }
}
