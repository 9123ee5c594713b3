/// Rows with cells next to them that represent padding: a selection may see a cell twice, so the cell at the edge is
/// repeated; a sum sees zeros.
extension Rows {
    typealias Padded = (before: Int, count: Int, after: Int)

    /// Copies rows, each with its padding; what whole vectors write behind a row is written over by the next.
    static func pad(
        _ source: UnsafePointer<Row>, pitch: Int, into target: UnsafeMutablePointer<Row>, pitch targetPitch: Int,
        rowCount: Int, _ cells: Padded
    ) {
        var (source, target) = (source, target)
        if cells.before == 0, cells.after == 0 {
            for _ in 0..<rowCount {
                copy(source, into: target, count: cells.count)
                (source, target) = (source + pitch, target + targetPitch)
            }
            return
        }
        for _ in 0..<rowCount {
            let edges = Cells.Fold.isSelection ? (source[0], source[cells.count &- 1]) : (.zero, .zero)
            fill(target, with: edges.0, count: cells.before)
            copy(source, into: target + cells.before, count: cells.count)
            fill(target + (cells.before &+ cells.count), with: edges.1, count: cells.after)
            (source, target) = (source + pitch, target + targetPitch)
        }
    }

    /// Fills the padding of a row whose cells are in their place.
    static func fillEdges(of row: UnsafeMutablePointer<Row>, _ cells: Padded) {
        let end = cells.before &+ cells.count
        let edges = Cells.Fold.isSelection ? (row[cells.before], row[end &- 1]) : (.zero, .zero)
        for i in 0..<cells.before { row[i] = edges.0 }
        for i in end..<end &+ cells.after { row[i] = edges.1 }
    }

    @inline(__always)
    private static func copy(_ source: UnsafePointer<Row>, into target: UnsafeMutablePointer<Row>, count: Int) {
        let whole = wholeVectors(count)
        forEachVector(whole) { Row.store(Row.load(source + $0), target + $0) }
        if whole < count { Row.storeHalf(Row.loadHalf(source + whole), target + whole) }
    }

    @inline(__always)
    private static func fill(_ cells: UnsafeMutablePointer<Row>, with cell: Row, count: Int) {
        let vector = Row.Vector(repeating: cell)
        var position = 0
        while position < count {
            Row.storeHalf(vector, cells + position)
            position &+= Cells.halfWidth
        }
    }
}
