import RecycledMemory

/// Memory that one slice of a row kernel works in, allocated once and cut into parts that start at cache lines.
struct RowBuffers<Cells: RowCells> {
    typealias Row = Cells.Row

    private let block: ScratchMemory
    private let memory: UnsafeMutableRawPointer
    private let indices: UnsafeMutableRawPointer
    /// Room for a list of lines that are folded together.
    let lines: UnsafeMutablePointer<Cells.Line>
    /// Where each part starts.
    private let starts: [Int]

    /// The parts, in cells, beyond each of which there is room for two vectors, and the lines that are listed.
    struct Lengths: Sendable {
        let parts: [Int]
        /// Where each part starts.
        fileprivate let starts: [Int]
        /// Bytes of the cells of all parts, with the indices behind them; saturates, as all sizes here.
        fileprivate let cellByteCount: Int
        fileprivate let partByteCount: Int
        fileprivate let lineCount: Int
        let byteCount: Int

        init(parts: [Int], lineCount: Int) {
            let line = MemoryRecycler.alignment / MemoryLayout<Row>.stride
            var (starts, end) = ([Int](), 0)
            for length in parts {
                starts.append(end)
                let whole = length.addingSaturating(2 * Cells.width + line - 1) / line
                end = end.addingSaturating(whole.multipliedSaturating(by: line))
            }
            (self.parts, self.starts, self.lineCount) = (parts, starts, lineCount)
            cellByteCount = end.multipliedSaturating(by: MemoryLayout<Row>.stride)
            // No index is wider than a cell that is folded with indices.
            partByteCount = Cells.hasIndices ? cellByteCount.multipliedSaturating(by: 2) : cellByteCount
            byteCount = partByteCount.addingSaturating(
                lineCount.multipliedSaturating(by: MemoryLayout<Cells.Line>.stride))
        }
    }

    /// Nil where the system gives no memory.
    init?(_ lengths: Lengths) {
        guard let block = ScratchMemory(byteCount: lengths.byteCount) else { return nil }
        (starts, self.block, memory) = (lengths.starts, block, block.start)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: lengths.partByteCount)
        indices = Cells.hasIndices ? memory + lengths.cellByteCount : memory
        lines = (memory + lengths.partByteCount).bindMemory(to: Cells.Line.self, capacity: lengths.lineCount)
    }

    @inline(__always)
    func cells(of part: Int) -> UnsafeMutablePointer<Row> { memory.assumingMemoryBound(to: Row.self) + starts[part] }

    /// The indices of a part's cells; only where cells have indices.
    @inline(__always)
    func indices<Index>(of part: Int, as type: Index.Type) -> UnsafeMutablePointer<Index> {
        indices.assumingMemoryBound(to: Index.self) + starts[part]
    }
}
