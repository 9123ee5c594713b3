/// Cells alone.
enum PlainCells<Fold: RowFold>: RowCells {
    typealias Cells = Fold.Row.Vector
    typealias Line = UnsafeMutablePointer<Fold.Row>

    @inline(__always) static var hasIndices: Bool { false }

    @inline(__always)
    static func load(_ line: Line, _ position: Int) -> Cells {
        Fold.Row.load(line + position)
    }
    @inline(__always)
    static func store(_ cells: Cells, _ line: Line, _ position: Int) {
        Fold.Row.store(cells, line + position)
    }
    @inline(__always)
    static func loadHalf(_ line: Line, _ position: Int) -> Cells { Fold.Row.loadHalf(line + position) }
    @inline(__always)
    static func storeHalf(_ cells: Cells, _ line: Line, _ position: Int) {
        Fold.Row.storeHalf(cells, line + position)
    }
    @inline(__always)
    static func fold(_ first: Cells, _ second: Cells) -> Cells { Fold.fold(first, second) }
    @inline(__always)
    static func divided(_ cells: Cells, by divisors: Cells) -> Cells { Fold.divided(cells, by: divisors) }
    @inline(__always)
    static func split(_ line: Line, _ position: Int) -> (evens: Cells, odds: Cells) {
        Fold.Row.split(line + position)
    }
    @inline(__always)
    static func cells(_ vector: Cells, number: Int) -> Cells { vector }
    @inline(__always)
    static func line(_ part: Int, _ buffers: RowBuffers<Self>) -> Line { buffers.cells(of: part) }
    @inline(__always)
    static func advanced(_ line: Line, by count: Int) -> Line { line + count }
    @inline(__always)
    static func cells(of line: Line) -> Line { line }
    @inline(__always)
    static func line(at cells: UnsafeMutablePointer<Fold.Row>, indicesOf line: Line) -> Line { cells }
    @inline(__always)
    static func setIndex(_ line: Line, _ position: Int, _ number: Int) {}
    @inline(__always)
    static func copy(_ line: Line, _ position: Int, to target: Line, _ targetPosition: Int) {
        target[targetPosition] = line[position]
    }
    @inline(__always)
    static func writeIndices(
        _ line: Line, to indices: UnsafeMutablePointer<Int64>, stride: Int, count: Int, number: Int, step: Int
    ) {}
}
