/// Rows that belong together, group after group: the rows of segments or bags, or the steps of a sequence that a mask
/// keeps.
///
/// Takes 4 bytes per listed row and 8 per group, and only groups that are listed, however many outputs there are. A class,
/// because its lists are asked for again and again, and copies of them are counted.
final class RowGroups: Sendable {
    /// The rows of all groups; nil where groups are runs of rows, which ``bounds`` name themselves.
    private let rows: Tensor?
    /// The output of each group, ascending; nil where every output has a group.
    private let keys: Tensor?
    /// Where group `g` starts, at `g * boundStep`, and where it ends, one behind.
    private let bounds: Tensor
    let lists: Lists
    /// Whether no row is in several groups or several times in one, and no group is empty.
    let isPartition: Bool
    let groupCount: Int
    /// Rows of all groups together.
    let rowCount: Int
    let largestCount: Int

    /// The lists, for whoever holds the groups: reading them counts no references, for which threads would wait for each
    /// other.
    struct Lists: @unchecked Sendable {
        // @unchecked Sendable because nobody writes to the lists once the groups are made.
        private let rows: UnsafePointer<Int32>?
        private let keys: UnsafePointer<Int32>?
        private let bounds: UnsafePointer<Int32>
        private let boundStep: Int
        /// The number of the first entry of the rows, where taps are numbered by their index in the list; nil where they
        /// are numbered by their row.
        private let firstNumber: Int?

        fileprivate init(rows: Tensor?, keys: Tensor?, bounds: Tensor, step: Int, firstNumber: Int?) {
            (self.rows, self.keys) = (rows.map(Self.start(of:)), keys.map(Self.start(of:)))
            (self.bounds, boundStep, self.firstNumber) = (Self.start(of: bounds), step, firstNumber)
        }

        private static func start(of list: Tensor) -> UnsafePointer<Int32> {
            list.withElements(as: Int32.self) { $0.baseAddress } ?? nothing
        }

        /// Where an empty list starts, which nobody reads.
        private nonisolated(unsafe) static let nothing = UnsafePointer(
            UnsafeMutablePointer<Int32>.allocate(capacity: 1))

        @inline(__always)
        private func start(ofGroup group: Int) -> Int { Int(bounds[group &* boundStep]) }

        @inline(__always)
        func count(ofGroup group: Int) -> Int {
            Int(bounds[group &* boundStep &+ 1]) &- start(ofGroup: group)
        }

        @inline(__always)
        func key(ofGroup group: Int) -> Int { keys.map { Int($0[group]) } ?? group }

        @inline(__always)
        func row(_ index: Int, ofGroup group: Int) -> Int {
            let entry = start(ofGroup: group) &+ index
            return rows.map { Int($0[entry]) } ?? entry
        }

        /// The number of a row within what weights belong to.
        @inline(__always)
        func number(_ index: Int, ofGroup group: Int) -> Int {
            firstNumber.map { $0 &+ start(ofGroup: group) &+ index } ?? row(index, ofGroup: group)
        }

        /// The first row of a group that is a run of rows; nil where rows are listed.
        @inline(__always)
        func firstRow(ofGroup group: Int) -> Int? { rows == nil ? start(ofGroup: group) : nil }

        /// Calls `body` with each of some indices within a group, the row there and its number.
        @inline(__always)
        func forEachRow(
            ofGroup group: Int, _ indices: Range<Int>, _ body: (_ index: Int, _ row: Int, _ number: Int) -> Void
        ) {
            let start = start(ofGroup: group)
            guard let rows else {
                for index in indices { body(index, start &+ index, number(index, ofGroup: group)) }
                return
            }
            for index in indices {
                let row = Int(rows[start &+ index])
                body(index, row, firstNumber.map { $0 &+ start &+ index } ?? row)
            }
        }
    }

    /// Writes the group of each of `count` rows, of a partition; -1 for none.
    func listGroups(ofRows count: Int, _ list: UnsafeMutablePointer<Int32>) {
        list.update(repeating: -1, count: count)
        for group in 0..<groupCount {
            lists.forEachRow(ofGroup: group, 0..<lists.count(ofGroup: group)) { _, row, _ in
                list[row] = Int32(truncatingIfNeeded: group)
            }
        }
    }

    /// Bytes that grouping `rowCount` rows takes while it is done.
    static func byteCount(rowCount: Int) -> Int { rowCount.multipliedSaturating(by: 20) }

    /// Runs of rows, or of entries of a list of rows, one group per output.
    ///
    /// - Parameters:
    ///   - bounds: int32: start and end of each group, `step` apart (1 where one group ends where the next starts).
    ///   - list: int32: the row of each entry, and the number of the first entry.
    init(bounds: Tensor, step: Int, count: Int, of list: (rows: Tensor, firstNumber: Int)? = nil) {
        (self.bounds, rows) = (bounds, list?.rows)
        lists = Lists(rows: list?.rows, keys: nil, bounds: bounds, step: step, firstNumber: list?.firstNumber)
        isPartition = false
        keys = nil
        groupCount = count
        (rowCount, largestCount) = bounds.withElements(as: Int32.self) { bounds in
            (0..<count).reduce((0, 0)) { known, group in
                let size = Int(bounds[group * step + 1]) - Int(bounds[group * step])
                return (known.0 + size, max(known.1, size))
            }
        }
    }

    /// The positions below `count` at which `isMember` is true, as one group.
    ///
    /// - Throws: ``PoolingError/Reason/outOfMemory``, or where it is stopped.
    init(
        count: Int, _ cancellation: Cancellation?, where isMember: (Int) -> Bool
    ) throws(PoolingError) {
        let rows = try Tensor(allocating: .int32, shape: [count])
        var used = 0
        try rows.withMutableElements(as: Int32.self) { (rows) throws(PoolingError) in
            for position in 0..<count {
                try cancellation?.checkpoint(at: position)
                guard isMember(position) else { continue }
                rows[used] = Int32(truncatingIfNeeded: position)
                used += 1
            }
        }
        self.rows = rows
        (rowCount, largestCount) = (used, used)
        groupCount = 1
        keys = nil
        bounds = try .int32([0, used])
        lists = Lists(rows: rows, keys: nil, bounds: bounds, step: 1, firstNumber: nil)
        isPartition = used > 0
    }

    /// Rows sorted by id, each group's in their own order, in time that grows with the rows alone.
    ///
    /// - Parameters:
    ///   - ids: the id of each row, below 2^31; rows with a negative one belong to no group.
    ///   - cancellation: looked at while the rows are gone through.
    /// - Throws: ``PoolingError/Reason/outOfMemory``, or where it is stopped.
    init(ids: Tensor, _ cancellation: Cancellation? = nil) throws(PoolingError) {
        let known = try Tensor(allocating: .int32, shape: [ids.count])
        var largest = 0
        try known.withMutableElements(as: Int32.self) { (known) throws(PoolingError) in
            try ids.forEachInteger(cancellation) { row, id in
                known[row] = Int32(truncatingIfNeeded: max(id, -1))
                largest = max(largest, id)
            }
        }
        let rows = try Self.sorted(known, largest: largest, cancellation)
        // There are no more groups than rows.
        let keys = try Tensor(allocating: .int32, shape: [rows.count])
        let bounds = try Tensor(allocating: .int32, shape: [rows.count + 1])
        (groupCount, largestCount) = try Self.fill(keys, bounds, rows, known, cancellation)
        (self.rows, self.keys, self.bounds, rowCount) = (rows, keys, bounds, rows.count)
        lists = Lists(rows: rows, keys: keys, bounds: bounds, step: 1, firstNumber: nil)
        isPartition = true
    }

    private static let digitBits = 16

    /// Row numbers by id: a stable radix sort with as many digits as the largest id has.
    private static func sorted(
        _ ids: Tensor, largest: Int, _ cancellation: Cancellation?
    ) throws(PoolingError) -> Tensor {
        var rows: Tensor?
        var shift = 0
        repeat {
            var positions = [Int32](repeating: 0, count: min(largest >> shift + 1, 1 << digitBits) + 1)
            try forEachRow(rows, ids, cancellation) { _, id in positions[Int(id >> shift & 0xFFFF) + 1] += 1 }
            for value in 1..<positions.count { positions[value] += positions[value - 1] }
            let sorted = try Tensor(allocating: .int32, shape: [positions.last.map(Int.init) ?? 0])
            try sorted.withMutableElements(as: Int32.self) { (sorted) throws(PoolingError) in
                try forEachRow(rows, ids, cancellation) { row, id in
                    let value = Int(id >> shift & 0xFFFF)
                    sorted[Int(positions[value])] = row
                    positions[value] += 1
                }
            }
            rows = sorted
            shift += digitBits
        } while largest >> shift > 0
        return rows ?? ids
    }

    /// Calls `body` with the rows of a list, or with all that belong to a group, and the id of each.
    @inline(__always)
    private static func forEachRow(
        _ rows: Tensor?, _ ids: Tensor, _ cancellation: Cancellation?, _ body: (_ row: Int32, _ id: Int32) -> Void
    ) throws(PoolingError) {
        try ids.withElements(as: Int32.self) { (ids) throws(PoolingError) in
            guard let rows else {
                for row in ids.indices {
                    try cancellation?.checkpoint(at: row)
                    if ids[row] >= 0 { body(Int32(truncatingIfNeeded: row), ids[row]) }
                }
                return
            }
            try rows.withElements(as: Int32.self) { (rows) throws(PoolingError) in
                for index in rows.indices {
                    try cancellation?.checkpoint(at: index)
                    body(rows[index], ids[Int(rows[index])])
                }
            }
        }
    }

    /// Writes the id of each group and where it starts.
    ///
    /// - Returns: how many groups there are, and how many rows the largest has.
    private static func fill(
        _ keys: Tensor, _ bounds: Tensor, _ rows: Tensor, _ ids: Tensor, _ cancellation: Cancellation?
    ) throws(PoolingError) -> (groups: Int, largest: Int) {
        try keys.withMutableElements(as: Int32.self) { (keys) throws(PoolingError) in
            try bounds.withMutableElements(as: Int32.self) { (bounds) throws(PoolingError) in
                var (index, last, groups): (Int32, Int32, Int) = (0, -1, 0)
                try forEachRow(rows, ids, cancellation) { _, id in
                    if id != last {
                        (keys[groups], bounds[groups], last) = (id, index, id)
                        groups += 1
                    }
                    index += 1
                }
                bounds[groups] = index
                let largest = (0..<groups).reduce(0) { max($0, Int(bounds[$1 + 1] - bounds[$1])) }
                return (groups, largest)
            }
        }
    }
}
