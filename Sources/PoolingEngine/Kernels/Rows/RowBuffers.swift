/// Memory that one slice of a row kernel works in, allocated once and cut into parts that start at cache lines.
final class RowBuffers<Cells: RowCells> {
    typealias Row = Cells.Row

    private let block: UnsafeMutableRawPointer
    private let memory: UnsafeMutableRawPointer
    private let places: UnsafeMutableRawPointer
    /// Room for a list of lines that are folded together.
    let lines: UnsafeMutablePointer<Cells.Line>
    /// Where each part starts.
    private let starts: [Int]

    private static var cacheLine: Int { 64 }

    /// - Parameter lengths: the cells of each part, beyond which there is room for two vectors.
    init(_ lengths: [Int], lineCount: Int) {
        lines = .allocate(capacity: lineCount)
        let line = Self.cacheLine / MemoryLayout<Row>.stride
        var (starts, end) = ([Int](), 0)
        starts.reserveCapacity(lengths.count)
        for length in lengths {
            starts.append(end)
            end += (length + 2 * Cells.width + line - 1) / line * line
        }
        self.starts = starts
        let size = end * MemoryLayout<Row>.stride
        // No place is wider than a cell that is folded with places.
        let total = (Cells.hasPlaces ? 2 * size : size) + Self.cacheLine
        // Aligned here, which is quicker than what the allocator does for it.
        block = .allocate(byteCount: total, alignment: MemoryLayout<Int>.alignment)
        block.initializeMemory(as: UInt8.self, repeating: 0, count: total)
        memory = block.alignedUp(toMultipleOf: Self.cacheLine)
        places = Cells.hasPlaces ? memory + size : memory
    }

    deinit {
        block.deallocate()
        lines.deallocate()
    }

    @inline(__always)
    func cells(of part: Int) -> UnsafeMutablePointer<Row> { memory.assumingMemoryBound(to: Row.self) + starts[part] }

    /// The places of a part's cells; only where cells have places.
    @inline(__always)
    func places<Place>(of part: Int, as type: Place.Type) -> UnsafeMutablePointer<Place> {
        places.assumingMemoryBound(to: Place.self) + starts[part]
    }
}
