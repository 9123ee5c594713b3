/// Memory that one slice of a row kernel works in, allocated once and cut into parts that start at cache lines.
final class RowBuffers<Cells: RowCells> {
    typealias Row = Cells.Row

    private let memory: UnsafeMutableRawPointer
    private let places: UnsafeMutableRawPointer?
    /// Room for a list of lines that are folded together.
    let lines: UnsafeMutablePointer<Cells.Line>
    /// Where each part starts.
    private let starts: [Int]

    /// - Parameter lengths: the cells of each part, beyond which there is room for two vectors.
    init(_ lengths: [Int], lineCount: Int) {
        lines = .allocate(capacity: lineCount)
        let line = 64 / MemoryLayout<Row>.stride
        var (starts, end) = ([Int](), 0)
        for length in lengths {
            starts.append(end)
            end += (length + 2 * Cells.width + line - 1) / line * line
        }
        self.starts = starts
        let size = end * MemoryLayout<Row>.stride
        memory = .allocate(byteCount: size, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        // No place is wider than a cell that is folded with places.
        places = Cells.hasPlaces ? .allocate(byteCount: size, alignment: 64) : nil
        places?.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    }

    deinit {
        memory.deallocate()
        places?.deallocate()
        lines.deallocate()
    }

    @inline(__always)
    func cells(of part: Int) -> UnsafeMutablePointer<Row> { memory.assumingMemoryBound(to: Row.self) + starts[part] }

    /// The places of a part's cells; only where cells have places.
    @inline(__always)
    func places<Place>(of part: Int, as type: Place.Type) -> UnsafeMutablePointer<Place> {
        (places ?? memory).assumingMemoryBound(to: Place.self) + starts[part]
    }
}
