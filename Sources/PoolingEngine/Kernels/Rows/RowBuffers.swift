import RecycledMemory

/// Memory that one slice of a row kernel works in, allocated once and cut into parts that start at cache lines.
final class RowBuffers<Cells: RowCells> {
    typealias Row = Cells.Row

    private let block: UnsafeMutableRawBufferPointer
    private let memory: UnsafeMutableRawPointer
    private let places: UnsafeMutableRawPointer
    /// Room for a list of lines that are folded together.
    let lines: UnsafeMutablePointer<Cells.Line>
    /// Where each part starts.
    private let starts: [Int]

    /// - Parameter lengths: the cells of each part, beyond which there is room for two vectors.
    init(_ lengths: [Int], lineCount: Int) {
        let line = MemoryRecycler.alignment / MemoryLayout<Row>.stride
        var (starts, end) = ([Int](), 0)
        starts.reserveCapacity(lengths.count)
        for length in lengths {
            starts.append(end)
            end += (length + 2 * Cells.width + line - 1) / line * line
        }
        self.starts = starts
        let size = end * MemoryLayout<Row>.stride
        // No place is wider than a cell that is folded with places.
        let total = Cells.hasPlaces ? 2 * size : size
        (block, memory) = MemoryRecycler.shared.demand(
            byteCount: total + lineCount * MemoryLayout<Cells.Line>.stride)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: total)
        places = Cells.hasPlaces ? memory + size : memory
        lines = (memory + total).bindMemory(to: Cells.Line.self, capacity: lineCount)
    }

    deinit { MemoryRecycler.shared.give(block) }

    @inline(__always)
    func cells(of part: Int) -> UnsafeMutablePointer<Row> { memory.assumingMemoryBound(to: Row.self) + starts[part] }

    /// The places of a part's cells; only where cells have places.
    @inline(__always)
    func places<Place>(of part: Int, as type: Place.Type) -> UnsafeMutablePointer<Place> {
        places.assumingMemoryBound(to: Place.self) + starts[part]
    }
}
