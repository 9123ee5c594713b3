/// The rows of each bag, as a request names them: bounds of runs of rows, or of runs of a list of members.
struct Bags: Sendable {
    /// The rows that `offsets` count in; nil where they count rows themselves.
    let members: Tensor?
    /// `offsets` `[B+1]`, or `spans` `[B, 2]` or `[B, 3]`.
    private let bounds: Tensor
    private let name: TensorName
    let count: Int

    /// Numbers of one bag among ``bounds``, and where its start is among them.
    private let step: Int
    private let startColumn: Int

    /// Whether a row may be in several bags, or several times in one.
    var mayRepeat: Bool { members != nil || step > 1 }

    /// Whether each span names its batch.
    var areBatched: Bool { step == 3 }

    /// Takes exactly one of `offsets`, `spans`, and `members` with `offsets`.
    init(_ reader: inout FieldReader) throws(PoolingError) {
        let offsets = try reader.takeIntegerTensor(.offsets)
        let spans = try reader.takeIntegerTensor(.spans)
        members = try reader.takeIntegerTensor(.members)
        switch (offsets, spans) {
        case (nil, let spans?):
            guard members == nil else { throw Self.exclusion("members", reader) }
            (bounds, name) = (spans, .spans)
            let isEmpty = spans.shape == [0]
            guard isEmpty || spans.rank == 2 && (2...3).contains(spans.shape[1]) else {
                throw reader.rejection(
                    .shapeMismatch, at: "spans",
                    "'spans' has shape \(spans.shape); it must have [B, 2], start and end of each bag, or [B, 3] with the "
                        + "batch first")
            }
            count = spans.shape[0]
            step = isEmpty ? 2 : spans.shape[1]
            startColumn = step - 2
        case (let offsets?, nil):
            (bounds, name) = (offsets, .offsets)
            guard offsets.rank == 1 else {
                throw reader.rejection(
                    .shapeMismatch, at: "offsets",
                    "'offsets' has shape \(offsets.shape); it must have [B+1], one more than there are bags")
            }
            guard offsets.count > 0 else {
                throw reader.rejection(
                    .wrongLength, at: "offsets", "'offsets' is empty; it must have one entry more than there are bags")
            }
            if let members, members.rank != 1 {
                throw reader.rejection(
                    .shapeMismatch, at: "members",
                    "'members' has shape \(members.shape); it must have [M], a list of rows")
            }
            (count, step, startColumn) = (offsets.count - 1, 1, 0)
        case (.some, .some): throw Self.exclusion("offsets", reader)
        case (nil, nil):
            throw reader.rejection(
                .missingField, at: "offsets",
                members == nil
                    ? "'offsets' or 'spans' is missing: the rows of each bag"
                    : "'offsets' is missing: where each bag starts among 'members'")
        }
    }

    private static func exclusion(_ other: String, _ reader: FieldReader) -> PoolingError {
        reader.rejection(
            .unsupportedCombination, at: "spans", "'spans' and '\(other)' exclude each other; leave out one of them")
    }

    private func start(of bag: Int) -> Int { bounds.integer(at: bag * step + startColumn) }
    private func end(of bag: Int) -> Int { bounds.integer(at: bag * step + startColumn + 1) }

    /// Checks every number against an input of `rows` rows per batch.
    func check(rows: Int, batches: Int, _ reader: FieldReader) throws(PoolingError) {
        guard rows.multipliedSaturating(by: batches) <= Int32.max, (members?.count ?? 0) <= Int32.max else {
            throw PoolingError(
                .workTooLarge, at: "", "more than \(Int32.max) rows are more than one request may group")
        }
        if let members,
            let wrong = try reader.firstIndex(in: members, where: { !(0..<rows).contains(members.integer(at: $0)) })
        {
            throw reader.rejection(
                .indexOutOfRange, at: "members/\(wrong)",
                "member \(wrong) is row \(members.integer(at: wrong)); rows are from 0 to \(rows - 1)")
        }
        let limit = members?.count ?? rows
        let things = members == nil ? "rows" : "members"
        for bag in 0..<count {
            try reader.checkpoint(at: bag)
            let (start, end) = (start(of: bag), end(of: bag))
            guard start >= 0, start <= end, end <= limit else {
                throw reader.rejection(
                    .indexOutOfRange, at: name.rawValue,
                    "bag \(bag) is \(things) \(start) up to \(end); it must start at 0 or later, end no earlier, and end at "
                        + "\(limit) at the latest")
            }
            if areBatched, !(0..<batches).contains(bounds.integer(at: bag * step)) {
                throw reader.rejection(
                    .indexOutOfRange, at: name.rawValue,
                    "bag \(bag) is of batch \(bounds.integer(at: bag * step)); batches are from 0 to \(batches - 1)")
            }
        }
        if step == 1, count == 0, !(0...limit).contains(bounds.integer(at: 0)) {
            throw reader.rejection(
                .indexOutOfRange, at: name.rawValue,
                "offset 0 is \(bounds.integer(at: 0)); offsets are from 0 to \(limit)")
        }
    }

    /// Rows of all bags together, and of the largest; numbers are known to be in range.
    var size: (total: Int, largest: Int) {
        (0..<count).reduce((0, 0)) { known, bag in
            let size = end(of: bag) - start(of: bag)
            return (known.0.addingSaturating(size), max(known.1, size))
        }
    }

    /// Bytes of the tables of any `bagCount` bags in a row.
    func tableByteCount(_ bagCount: Int) -> Int {
        bagCount.multipliedSaturating(by: 8).addingSaturating((members?.count ?? 0).multipliedSaturating(by: 4))
    }

    /// Some bags in a row, whose rows are numbered over `rows` rows per batch.
    ///
    /// - Throws: ``PoolingError/Reason/outOfMemory``.
    func groups(_ bags: Range<Int>, rows: Int) throws(PoolingError) -> RowGroups {
        if step > 1 {
            let table = try Tensor(allocating: .int32, shape: [2 * bags.count])
            table.withMutableElements(as: Int32.self) { table in
                for (index, bag) in bags.enumerated() {
                    let base = areBatched ? bounds.integer(at: bag * step) * rows : 0
                    table[2 * index] = Int32(truncatingIfNeeded: base + start(of: bag))
                    table[2 * index + 1] = Int32(truncatingIfNeeded: base + end(of: bag))
                }
            }
            return RowGroups(bounds: table, step: 2, count: bags.count)
        }
        let base = members == nil ? 0 : start(of: bags.lowerBound)
        let table = try Tensor(allocating: .int32, shape: [bags.count + 1])
        table.withMutableElements(as: Int32.self) { table in
            for index in table.indices {
                table[index] = Int32(truncatingIfNeeded: bounds.integer(at: bags.lowerBound + index) - base)
            }
        }
        guard let members else { return RowGroups(bounds: table, step: 1, count: bags.count) }
        let list = try Tensor(allocating: .int32, shape: [bounds.integer(at: bags.upperBound) - base])
        list.withMutableElements(as: Int32.self) { list in
            for index in list.indices { list[index] = Int32(truncatingIfNeeded: members.integer(at: base + index)) }
        }
        return RowGroups(bounds: table, step: 1, count: bags.count, of: (list, base))
    }
}
