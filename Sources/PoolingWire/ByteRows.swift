import RecycledMemory

/// Bytes that are written one after the other, in rows of memory that are never copied together.
struct ByteRows {
    private static let smallestRow = 4096
    /// Some 300 µs of writing; and few enough rows for the largest response.
    private static let largestRow = 1 << 20

    private let workspace: Workspace
    private var rows: [Bytes] = []
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

    /// Appends `pieces`, the larger ones as they are.
    mutating func append(_ pieces: [Bytes]) throws(WireError) {
        for piece in pieces {
            guard piece.count > Self.smallestRow else {
                try piece.withUnsafeBytes { (bytes) throws(WireError) in try append(bytes) }
                continue
            }
            endRow()
            rows.append(piece)
            byteCount += piece.count
        }
    }

    /// The rows, which must not be written any more.
    mutating func finish() -> [Bytes] {
        endRow()
        return rows
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
        rows.append(Bytes(row, count: used))
        (self.row, used) = (nil, 0)
    }
}
