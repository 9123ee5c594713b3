/// Rows that belong together, group after group: the rows of segments, or the steps of a sequence that a mask keeps.
///
/// Takes 4 bytes per row and 8 per group, and only groups that have rows are listed, however many there are.
struct RowGroups: Sendable {
    private let rows: Tensor
    /// The id of each group, ascending.
    private let keys: Tensor
    /// Where each group starts among the rows, and the end of the last.
    private let offsets: Tensor
    let groupCount: Int
    let rowCount: Int
    let largestCount: Int

    @inline(__always)
    func row(_ place: Int, ofGroup group: Int) -> Int { rows.int32(at: offsets.int32(at: group) &+ place) }

    @inline(__always)
    func count(ofGroup group: Int) -> Int { offsets.int32(at: group + 1) &- offsets.int32(at: group) }

    @inline(__always)
    func key(ofGroup group: Int) -> Int { keys.int32(at: group) }

    /// Bytes that grouping `rowCount` rows takes while it is done.
    static func byteCount(rowCount: Int) -> Int { rowCount.multipliedSaturating(by: 20) }
}

extension RowGroups {
    /// The positions below `count` at which `isMember` is true, as one group.
    ///
    /// - Throws: ``PoolingRefusal/Reason/outOfMemory``.
    init(count: Int, where isMember: (Int) -> Bool) throws(PoolingRefusal) {
        rows = try Tensor(allocating: .int32, shape: [count])
        var used = 0
        rows.withMutableElements(as: Int32.self) { rows in
            for position in 0..<count where isMember(position) {
                rows[used] = Int32(truncatingIfNeeded: position)
                used += 1
            }
        }
        (rowCount, largestCount) = (used, used)
        groupCount = 1
        keys = try .int32([0])
        offsets = try .int32([0, used])
    }

    /// Rows sorted by id, each group's in their own order, in time that grows with the rows alone.
    ///
    /// - Parameter id: the id of a row, from 0 to below 2^31.
    /// - Throws: ``PoolingRefusal/Reason/outOfMemory``.
    init(rowCount: Int, ids id: (Int) -> Int) throws(PoolingRefusal) {
        self.rowCount = rowCount
        rows = try Self.sorted(rowCount, id)
        let (groupCount, largest) = Self.measure(rows, rowCount, id)
        (self.groupCount, largestCount) = (groupCount, largest)
        keys = try Tensor(allocating: .int32, shape: [groupCount])
        offsets = try Tensor(allocating: .int32, shape: [groupCount + 1])
        fill(id)
    }

    private static let digitBits = 16

    /// Row numbers by id: a stable radix sort with two digits.
    private static func sorted(_ count: Int, _ id: (Int) -> Int) throws(PoolingRefusal) -> Tensor {
        var rows = try Tensor(allocating: .int32, shape: [count])
        rows.withMutableElements(as: Int32.self) { rows in
            for row in 0..<count { rows[row] = Int32(truncatingIfNeeded: row) }
        }
        for digit in 0..<2 {
            let sorted = try Tensor(allocating: .int32, shape: [count])
            let shift = digit * digitBits
            var places = [Int](repeating: 0, count: 1 << digitBits)
            rows.withElements(as: Int32.self) { from in
                for row in from { places[id(Int(row)) >> shift & 0xFFFF] += 1 }
                var start = 0
                for value in places.indices { (places[value], start) = (start, start + places[value]) }
                sorted.withMutableElements(as: Int32.self) { to in
                    for row in from {
                        let value = id(Int(row)) >> shift & 0xFFFF
                        to[places[value]] = row
                        places[value] += 1
                    }
                }
            }
            rows = sorted
        }
        return rows
    }

    /// How many groups there are, and how many rows the largest has.
    private static func measure(_ rows: Tensor, _ count: Int, _ id: (Int) -> Int) -> (groups: Int, largest: Int) {
        var (groups, largest, size) = (0, 0, 0)
        for place in 0..<count {
            let isNew = place == 0 || id(rows.int32(at: place)) != id(rows.int32(at: place - 1))
            groups += isNew ? 1 : 0
            size = isNew ? 1 : size + 1
            largest = max(largest, size)
        }
        return (groups, largest)
    }

    private func fill(_ id: (Int) -> Int) {
        keys.withMutableElements(as: Int32.self) { keys in
            offsets.withMutableElements(as: Int32.self) { offsets in
                var group = 0
                for place in 0..<rowCount {
                    let key = Int32(truncatingIfNeeded: id(rows.int32(at: place)))
                    if group > 0, keys[group - 1] == key { continue }
                    keys[group] = key
                    offsets[group] = Int32(truncatingIfNeeded: place)
                    group += 1
                }
                offsets[groupCount] = Int32(truncatingIfNeeded: rowCount)
            }
        }
    }
}
