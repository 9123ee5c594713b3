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

    /// The parts, in cells, beyond each of which there is room for two vectors, and the lines that are listed.
    struct Lengths: Sendable {
        let parts: [Int]
        let lineCount: Int

        /// Bytes of the parts; saturates.
        fileprivate var partByteCount: Int {
            let line = MemoryRecycler.alignment / MemoryLayout<Row>.stride
            let cells = parts.reduce(0) { end, length in
                let whole = length.addingSaturating(2 * Cells.width + line - 1) / line
                return end.addingSaturating(whole.multipliedSaturating(by: line))
            }
            // No place is wider than a cell that is folded with places.
            return cells.multipliedSaturating(by: MemoryLayout<Row>.stride * (Cells.hasPlaces ? 2 : 1))
        }

        var byteCount: Int {
            partByteCount.addingSaturating(lineCount.multipliedSaturating(by: MemoryLayout<Cells.Line>.stride))
        }
    }

    /// Nil where the system gives no memory.
    init?(_ lengths: Lengths) {
        let line = MemoryRecycler.alignment / MemoryLayout<Row>.stride
        var (starts, end) = ([Int](), 0)
        starts.reserveCapacity(lengths.parts.count)
        for length in lengths.parts {
            starts.append(end)
            end += (length + 2 * Cells.width + line - 1) / line * line
        }
        let size = end * MemoryLayout<Row>.stride
        let total = lengths.partByteCount
        guard let block = MemoryRecycler.shared.take(byteCount: lengths.byteCount),
            let memory = block.baseAddress?.alignedUp(toMultipleOf: MemoryRecycler.alignment)
        else { return nil }
        (self.starts, self.block, self.memory) = (starts, block, memory)
        let lineCount = lengths.lineCount
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
