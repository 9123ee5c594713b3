/// Where the windows of a row begin that are side by side in a tile, in elements and in numbers of indices.
struct LaneStarts: Sendable {
    let input: [Int]
    let index: [Int]
}

extension WindowGeometry {
    /// Larger windows fill a tile with a few lanes.
    private static let largestSideBySide = 1 << 10

    /// The windows along the last axis as planes, where they have one extent and irregular starts; nil for others.
    var columnsAsLanes: WindowGeometry? {
        guard planeCount == 1, !isSelective, binStrides.isEmpty, largestWindow <= Self.largestSideBySide,
            let last = axes.indices.last, (2...RowAxis.longestTable).contains(axes[last].output),
            case .starts(let starts) = axes[last].pattern
        else { return nil }
        let columns = (0..<axes[last].output).map(starts.start(of:))
        var row = self
        row.levels = [
            PlaneLevel(count: columns.count, input: 0, output: outputStrides[last], index: 0, channel: 0)
        ]
        row.axes[last] = .whole(starts.kernel)
        row.laneStarts = LaneStarts(
            input: columns.map { $0 * inputStrides[last] }, index: columns.map { $0 * indexStrides[last] })
        return row
    }
}
