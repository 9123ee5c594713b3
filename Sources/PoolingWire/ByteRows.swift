import PoolingEngine
import RecycledMemory

/// Bytes that are written one after the other, in rows of memory that are never copied together.
struct ByteRows: ~Copyable {
    private static let smallestRow = 4096
    /// Less than a millisecond of writing numbers; and few enough rows for the largest response.
    private static let largestRow = 1 << 20

    private let workspace: Workspace
    private var rows: [Bytes] = []
    private var row: BytesBuilder
    private var nextRow: Int
    private(set) var byteCount = 0

    /// - Parameter byteCount: how many bytes will come, about; no more than a first guess.
    init(expecting byteCount: Int, in workspace: Workspace) {
        self.workspace = workspace
        row = BytesBuilder(account: workspace.memory)
        nextRow = min(max(byteCount, Self.smallestRow), Self.largestRow)
    }

    /// Lets `body` fill free memory, at least a byte, and say how many bytes it has written.
    mutating func fill(_ body: (UnsafeMutableRawBufferPointer) throws(WireError) -> Int) throws(WireError) {
        try workspace.checkpoint()
        if row.count == row.capacity { try addRow() }
        let count = try row.fill(body)
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
        try row.grow(to: nextRow)
        nextRow = min(2 * nextRow, Self.largestRow)
    }

    private mutating func endRow() {
        if row.count > 0 { rows.append(row.finish(tolerating: row.capacity / 4)) }
    }
}
