/// Rows that belong together, group after group: the rows of segments or bags, or the steps of a sequence that a mask
/// keeps.
///
/// Takes 4 bytes per listed row and 8 per group, and only groups that are listed, however many outputs there are.
struct RowGroups: Sendable {
    /// The rows of all groups; nil where groups are runs of rows, which ``bounds`` name themselves.
    private let rows: Tensor?
    /// The output of each group, ascending; nil where every output has a group.
    private let keys: Tensor?
    /// Where group `g` starts, at `g * boundStep`, and where it ends, one behind.
    private let bounds: Tensor
    private let boundStep: Int
    /// The number of the first place in ``rows``, where taps are numbered by their place in the list; nil where they are
    /// numbered by their row.
    private let firstNumber: Int?
    let groupCount: Int
    /// Rows of all groups together.
    let rowCount: Int
    let largestCount: Int

    @inline(__always)
    private func start(ofGroup group: Int) -> Int { bounds.int32(at: group &* boundStep) }

    @inline(__always)
    func row(_ place: Int, ofGroup group: Int) -> Int {
        let place = start(ofGroup: group) &+ place
        return rows?.int32(at: place) ?? place
    }

    /// The number of a row within what weights belong to.
    @inline(__always)
    func number(_ place: Int, ofGroup group: Int) -> Int {
        firstNumber.map { $0 &+ start(ofGroup: group) &+ place } ?? row(place, ofGroup: group)
    }

    /// Calls `body` with the first `count` places of a group, the row there and its number.
    @inline(__always)
    func forEachRow(ofGroup group: Int, count: Int, _ body: (_ place: Int, _ row: Int, _ number: Int) -> Void) {
        let start = start(ofGroup: group)
        guard let rows else {
            for place in 0..<count { body(place, start &+ place, number(place, ofGroup: group)) }
            return
        }
        rows.withElements(as: Int32.self) { rows in
            for place in 0..<count {
                let row = Int(rows[start &+ place])
                body(place, row, firstNumber.map { $0 &+ start &+ place } ?? row)
            }
        }
    }

    @inline(__always)
    func count(ofGroup group: Int) -> Int { bounds.int32(at: group &* boundStep &+ 1) &- start(ofGroup: group) }

    @inline(__always)
    func key(ofGroup group: Int) -> Int { keys?.int32(at: group) ?? group }

    /// The first row of a group that is a run of rows; nil where rows are listed.
    @inline(__always)
    func firstRow(ofGroup group: Int) -> Int? { rows == nil ? start(ofGroup: group) : nil }

    /// Bytes that grouping `rowCount` rows takes while it is done.
    static func byteCount(rowCount: Int) -> Int { rowCount.multipliedSaturating(by: 20) }
}

extension RowGroups {
    /// Runs of rows, or of places in a list of rows, one group per output.
    ///
    /// - Parameters:
    ///   - bounds: int32: start and end of each group, `step` apart (1 where one group ends where the next starts).
    ///   - list: int32: the row at each place, and the number of the first place.
    init(bounds: Tensor, step: Int, count: Int, of list: (rows: Tensor, firstNumber: Int)? = nil) {
        (self.bounds, boundStep) = (bounds, step)
        (rows, firstNumber) = (list?.rows, list?.firstNumber)
        keys = nil
        groupCount = count
        (rowCount, largestCount) = bounds.withElements(as: Int32.self) { bounds in
            (0..<count).reduce((0, 0)) { known, group in
                let size = Int(bounds[group * step + 1]) - Int(bounds[group * step])
                return (known.0 + size, max(known.1, size))
            }
        }
    }
}

extension RowGroups {
    /// The positions below `count` at which `isMember` is true, as one group.
    ///
    /// - Throws: ``PoolingError/Reason/outOfMemory``.
    init(count: Int, where isMember: (Int) -> Bool) throws(PoolingError) {
        let rows = try Tensor(allocating: .int32, shape: [count])
        var used = 0
        rows.withMutableElements(as: Int32.self) { rows in
            for position in 0..<count where isMember(position) {
                rows[used] = Int32(truncatingIfNeeded: position)
                used += 1
            }
        }
        self.rows = rows
        (rowCount, largestCount) = (used, used)
        groupCount = 1
        keys = nil
        bounds = try .int32([0, used])
        (boundStep, firstNumber) = (1, nil)
    }

    /// Rows sorted by id, each group's in their own order, in time that grows with the rows alone.
    ///
    /// - Parameter id: the id of a row, below 2^31; rows with a negative one belong to no group.
    /// - Throws: ``PoolingError/Reason/outOfMemory``.
    init(rowCount: Int, ids id: (Int) -> Int) throws(PoolingError) {
        let ids = try Tensor(allocating: .int32, shape: [rowCount])
        ids.withMutableElements(as: Int32.self) { ids in
            for row in ids.indices { ids[row] = Int32(truncatingIfNeeded: max(id(row), -1)) }
        }
        let rows = try Self.sorted(ids)
        (self.rows, self.rowCount) = (rows, rows.count)
        let (groupCount, largest) = Self.measure(rows, ids)
        (self.groupCount, largestCount) = (groupCount, largest)
        let keys = try Tensor(allocating: .int32, shape: [groupCount])
        bounds = try Tensor(allocating: .int32, shape: [groupCount + 1])
        self.keys = keys
        (boundStep, firstNumber) = (1, nil)
        Self.fill(keys, bounds, rows, ids)
    }

    private static let digitBits = 16

    /// Row numbers by id: a stable radix sort with as many digits as the largest id has.
    private static func sorted(_ ids: Tensor) throws(PoolingError) -> Tensor {
        let (kept, largest) = ids.withElements(as: Int32.self) { ids in
            ids.reduce((0, 0)) { ($0.0 + ($1 < 0 ? 0 : 1), max($0.1, Int($1))) }
        }
        var rows = try Tensor(allocating: .int32, shape: [kept])
        ids.withElements(as: Int32.self) { ids in
            rows.withMutableElements(as: Int32.self) { rows in
                var used = 0
                for row in ids.indices where ids[row] >= 0 {
                    rows[used] = Int32(truncatingIfNeeded: row)
                    used += 1
                }
            }
        }
        var shift = 0
        while largest >> shift > 0 {
            let sorted = try Tensor(allocating: .int32, shape: [kept])
            var places = [Int](repeating: 0, count: min(largest >> shift + 1, 1 << digitBits))
            ids.withElements(as: Int32.self) { ids in
                rows.withElements(as: Int32.self) { from in
                    for row in from { places[Int(ids[Int(row)]) >> shift & 0xFFFF] += 1 }
                    var start = 0
                    for value in places.indices { (places[value], start) = (start, start + places[value]) }
                    sorted.withMutableElements(as: Int32.self) { to in
                        for row in from {
                            let value = Int(ids[Int(row)]) >> shift & 0xFFFF
                            to[places[value]] = row
                            places[value] += 1
                        }
                    }
                }
            }
            rows = sorted
            shift += digitBits
        }
        return rows
    }

    /// How many groups there are, and how many rows the largest has.
    private static func measure(_ rows: Tensor, _ ids: Tensor) -> (groups: Int, largest: Int) {
        var (groups, largest, size) = (0, 0, 0)
        forEachRow(rows, ids) { _, _, isNew in
            groups += isNew ? 1 : 0
            size = isNew ? 1 : size + 1
            largest = max(largest, size)
        }
        return (groups, largest)
    }

    /// Writes the id of each group and where it starts.
    private static func fill(_ keys: Tensor, _ bounds: Tensor, _ rows: Tensor, _ ids: Tensor) {
        keys.withMutableElements(as: Int32.self) { keys in
            bounds.withMutableElements(as: Int32.self) { bounds in
                var group = 0
                forEachRow(rows, ids) { place, id, isNew in
                    guard isNew else { return }
                    keys[group] = id
                    bounds[group] = Int32(truncatingIfNeeded: place)
                    group += 1
                }
                bounds[group] = Int32(truncatingIfNeeded: rows.count)
            }
        }
    }

    /// Calls `body` with each place of a sorted list, the id there, and whether it begins a group.
    @inline(__always)
    private static func forEachRow(
        _ rows: Tensor, _ ids: Tensor, _ body: (_ place: Int, _ id: Int32, _ isNew: Bool) -> Void
    ) {
        ids.withElements(as: Int32.self) { ids in
            rows.withElements(as: Int32.self) { rows in
                var last: Int32 = -1
                for place in rows.indices {
                    let id = ids[Int(rows[place])]
                    body(place, id, id != last)
                    last = id
                }
            }
        }
    }
}
