import PoolingEngine
import RecycledMemory

/// Bytes that are written one after the other, in rows of memory that are never copied together.
struct ByteRows {
    private static let smallestRow = 4096
    /// Some 300 µs of writing; and few enough rows for the largest response.
    private static let largestRow = 1 << 20

    private let workspace: Workspace
    private var rows: [TensorStorage] = []
    /// The row that is being written, and how much of it is.
    private var row: MemoryBlock?
    private var used = 0
    private var nextRow: Int
    private(set) var byteCount = 0

    /// - Parameter byteCount: how many bytes will come, about; no more than a first guess.
    init(expecting byteCount: Int, in workspace: Workspace) {
        self.workspace = workspace
        nextRow = min(max(byteCount, Self.smallestRow), Self.largestRow)
    }

    /// Lets `body` fill free memory, at least a byte, and say how many bytes it has written.
    mutating func fill(_ body: (UnsafeMutableRawBufferPointer) throws(WireError) -> Int) throws(WireError) {
        try workspace.checkpoint()
        if row == nil || used == row?.bytes.count { try addRow() }
        guard let row else { return }
        let count = try body(UnsafeMutableRawBufferPointer(rebasing: row.bytes[used...]))
        used += count
        byteCount += count
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
        var rest = bytes
        while !rest.isEmpty {
            try fill { free in
                let count = min(free.count, rest.count)
                free.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<count]))
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                return count
            }
        }
    }

    /// Appends the pieces of `body` as they are.
    mutating func append(_ body: EncodedBody) throws(WireError) {
        try body.text.withUnsafeBufferPointer { (text) throws(WireError) in try append(UnsafeRawBufferPointer(text)) }
        endRow()
        rows += body.pieces
        byteCount += body.byteCount - body.text.count
    }

    /// The rows, which must not be written any more.
    mutating func finish() -> EncodedBody {
        endRow()
        return EncodedBody(rows)
    }

    private mutating func addRow() throws(WireError) {
        endRow()
        row = try workspace.block(nextRow)
        nextRow = min(2 * nextRow, Self.largestRow)
    }

    private mutating func endRow() {
        guard let row else { return }
        // What is left of a row is not worth keeping, and a smaller block seldom moves.
        if row.bytes.count - used > row.bytes.count / 4 { try? row.resized(to: used) }
        rows.append(TensorStorage(row, count: used))
        (self.row, used) = (nil, 0)
    }
}
