/// What the loops over rows carry from load to store: cells, or cells and their indices.
///
/// With ``Rows`` and ``RowBuffers`` the only pointer arithmetic of row kernels. Lines have room for whole vectors: loops
/// run over the end of a line by less than one.
protocol RowCells: Sendable {
    associatedtype Fold: RowFold
    typealias Row = Fold.Row
    /// One vector of cells, with what goes along.
    associatedtype Cells
    /// Cells in memory, with what goes along.
    associatedtype Line

    static var hasIndices: Bool { get }

    static func load(_ line: Line, _ position: Int) -> Cells
    static func store(_ cells: Cells, _ line: Line, _ position: Int)
    /// As ``load(_:_:)`` and ``store(_:_:_:)``, of half a vector.
    static func loadHalf(_ line: Line, _ position: Int) -> Cells
    static func storeHalf(_ cells: Cells, _ line: Line, _ position: Int)
    static func fold(_ first: Cells, _ second: Cells) -> Cells
    /// Folded cells over their divisors; selected cells are left alone.
    static func divided(_ cells: Cells, by divisors: Row.Vector) -> Cells
    /// Every second of the cells from `position` on: the first ones and the others.
    static func split(_ line: Line, _ position: Int) -> (evens: Cells, odds: Cells)
    /// Cells that all have the index `number`.
    static func cells(_ vector: Row.Vector, number: Int) -> Cells

    static func line(_ part: Int, _ buffers: RowBuffers<Self>) -> Line
    static func advanced(_ line: Line, by count: Int) -> Line
    static func cells(of line: Line) -> UnsafeMutablePointer<Row>
    /// The line whose cells are at `cells`, and whose indices are those of `line`.
    static func line(at cells: UnsafeMutablePointer<Row>, indicesOf line: Line) -> Line
    static func setIndex(_ line: Line, _ position: Int, _ number: Int)
    static func copy(_ line: Line, _ position: Int, to target: Line, _ targetPosition: Int)
    /// Writes the indices of `count` cells plus `number`, and for each next cell `step` more.
    static func writeIndices(
        _ line: Line, to indices: UnsafeMutablePointer<Int64>, stride: Int, count: Int, number: Int, step: Int)
}

extension RowCells {
    /// Cells in a vector.
    @inline(__always)
    static var width: Int { Row.Vector.scalarCount }

    /// Cells in half a vector.
    @inline(__always)
    static var halfWidth: Int { Row.Half.scalarCount }

    /// `count` rounded up to whole vectors.
    @inline(__always)
    static func rounded(_ count: Int) -> Int { count.rounded(to: width) }
}
