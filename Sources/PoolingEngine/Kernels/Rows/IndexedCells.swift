/// Cells with the index of each.
enum IndexedCells<Fold: RowSelection>: RowCells where Fold.Row: IndexedRowValue {
    typealias Row = Fold.Row
    typealias Index = Fold.Row.Index

    struct Cells {
        var values: Row.Vector
        var indices: Index.Vector
    }

    struct Line {
        var values: UnsafeMutablePointer<Row>
        var indices: UnsafeMutablePointer<Index>
    }

    @inline(__always) static var hasIndices: Bool { true }

    @inline(__always)
    static func load(_ line: Line, _ position: Int) -> Cells {
        Cells(values: Row.load(line.values + position), indices: Index.load(line.indices + position))
    }
    @inline(__always)
    static func store(_ cells: Cells, _ line: Line, _ position: Int) {
        Row.store(cells.values, line.values + position)
        Index.store(cells.indices, line.indices + position)
    }
    @inline(__always)
    static func loadHalf(_ line: Line, _ position: Int) -> Cells {
        Cells(values: Row.loadHalf(line.values + position), indices: Index.loadHalf(line.indices + position))
    }
    @inline(__always)
    static func storeHalf(_ cells: Cells, _ line: Line, _ position: Int) {
        Row.storeHalf(cells.values, line.values + position)
        Index.storeHalf(cells.indices, line.indices + position)
    }
    @inline(__always)
    static func fold(_ first: Cells, _ second: Cells) -> Cells {
        let takes = Fold.takesSecond(first.values, second.values)
        return Cells(
            values: Row.choose(takes, first.values, second.values),
            indices: Index.choose(takes, first.indices, second.indices))
    }
    @inline(__always)
    static func divided(_ cells: Cells, by divisors: Row.Vector) -> Cells { cells }
    @inline(__always)
    static func split(_ line: Line, _ position: Int) -> (evens: Cells, odds: Cells) {
        let values = Row.split(line.values + position)
        let indices = Index.split(line.indices + position)
        return (Cells(values: values.evens, indices: indices.evens), Cells(values: values.odds, indices: indices.odds))
    }
    @inline(__always)
    static func cells(_ vector: Row.Vector, number: Int) -> Cells {
        Cells(values: vector, indices: Index.Vector(repeating: Index(truncatingIfNeeded: number)))
    }
    @inline(__always)
    static func line(_ part: Int, _ buffers: RowBuffers<Self>) -> Line {
        Line(values: buffers.cells(of: part), indices: buffers.indices(of: part, as: Index.self))
    }
    @inline(__always)
    static func advanced(_ line: Line, by count: Int) -> Line {
        Line(values: line.values + count, indices: line.indices + count)
    }
    @inline(__always)
    static func cells(of line: Line) -> UnsafeMutablePointer<Row> { line.values }
    @inline(__always)
    static func line(at cells: UnsafeMutablePointer<Row>, indicesOf line: Line) -> Line {
        Line(values: cells, indices: line.indices)
    }
    @inline(__always)
    static func setIndex(_ line: Line, _ position: Int, _ number: Int) {
        line.indices[position] = Index(truncatingIfNeeded: number)
    }
    @inline(__always)
    static func copy(_ line: Line, _ position: Int, to target: Line, _ targetPosition: Int) {
        target.values[targetPosition] = line.values[position]
        target.indices[targetPosition] = line.indices[position]
    }
    @inline(__always)
    static func writeIndices(
        _ line: Line, to indices: UnsafeMutablePointer<Int64>, stride: Int, count: Int, number: Int, step: Int
    ) {
        if stride == 1, step == 0 {
            for i in 0..<count { indices[i] = Int64(truncatingIfNeeded: line.indices[i]) &+ Int64(number) }
        } else {
            for i in 0..<count {
                indices[i &* stride] = Int64(truncatingIfNeeded: line.indices[i]) &+ Int64(number &+ i &* step)
            }
        }
    }
}
