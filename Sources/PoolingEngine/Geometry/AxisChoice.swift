/// Which axes a request pools, as it says so: by layout and number of dimensions, or by name.
package struct AxisChoice: Sendable {
    let isChannelsLast: Bool
    let dims: Int?
    let axes: [Int]?

    static let layouts = [
        "channels_first": false, "NCW": false, "NCHW": false, "NCDHW": false,
        "channels_last": true, "NWC": true, "NHWC": true, "NDHWC": true,
    ]

    /// How many spatial axes the name of a layout has; nil where it is no such name.
    static func spatialAxes(in layout: String) -> Int? {
        guard layouts[layout] != nil, layout.hasPrefix("N") else { return nil }
        return layout.count - 2
    }

    /// The layout of as many spatial axes that has the channels where this one has them.
    static func layout(like name: String, of spatialAxes: Int) -> String {
        let isChannelsLast = layouts[name]
        let named = layouts.first { $0.value == isChannelsLast && Self.spatialAxes(in: $0.key) == spatialAxes }
        return named?.key ?? (isChannelsLast == true ? "channels_last" : "channels_first")
    }

    /// Whether two names of layouts say the same about the channel axis.
    package static func areSame(_ one: FieldValue, _ other: FieldValue) -> Bool {
        guard case .string(let one) = one, case .string(let other) = other else { return false }
        return layouts[one] != nil && layouts[one] == layouts[other]
    }

    init(_ reader: inout FieldReader, acceptsAxes: Bool) throws(PoolingError) {
        axes = acceptsAxes ? try reader.takeIntegers("axes", in: -64...63) : nil
        guard axes == nil else {
            (isChannelsLast, dims) = (false, nil)
            return
        }
        let layout = try reader.takeString("layout") ?? "channels_first"
        guard let known = Self.layouts[layout] else {
            throw reader.unknownValue(layout, at: "layout", known: Self.layouts.keys.sorted())
        }
        isChannelsLast = known
        dims = try reader.takeInteger("dims", in: 1...62)
    }

    /// - Parameter lists: the lengths of the lists among the parameters, each with its name.
    func resolve(
        shape: [Int], lists: [(name: String, length: Int)], reader: FieldReader
    ) throws(PoolingError) -> PooledAxes {
        let count = try pooledCount(rank: shape.count, lists: lists, reader: reader)
        let resolved = try axes.map { axes throws(PoolingError) in
            try named(axes, rank: shape.count, reader: reader)
        }
        let needed = count + (isChannelsLast ? 1 : 0)
        guard shape.count >= needed else {
            let isTooLong = count > shape.count
            let field = lists.first?.name ?? (dims == nil ? nil : "dims")
            let most = shape.count - (isChannelsLast ? 1 : 0)
            let range = most > 1 ? "from 1 to \(most)" : "1"
            let rule =
                lists.isEmpty
                ? "'dims' must be \(range)" : "'\(lists[0].name)' must have \(range) entr\(most > 1 ? "ies" : "y")"
            throw PoolingError(
                .wrongRank, at: (isTooLong ? field : nil).map(reader.pointer) ?? reader.inputPointer,
                "an input of rank \(shape.count)\(isChannelsLast ? " with channels last" : "") cannot be pooled over "
                    + "\(count) dimensions" + (most > 0 ? "; \(rule)" : "")
                    + (lists.count == 1 ? reader.padsCure(of: lists + [("", lists[0].length / 2)]) : ""))
        }
        return PooledAxes(
            shape: shape, pooled: resolved ?? spatial(count, rank: shape.count),
            channel: resolved == nil ? channel(count, rank: shape.count) : nil,
            batch: resolved == nil && shape.count >= count + 2 ? 0 : nil, isChannelsLast: isChannelsLast,
            isNamed: resolved != nil)
    }

    private func pooledCount(
        rank: Int, lists: [(name: String, length: Int)], reader: FieldReader
    ) throws(PoolingError) -> Int {
        try statedCount(lists: lists, reader: reader)?.length ?? Self.standardCount(rank: rank)
    }

    /// How many axes of an input are pooled where nothing says so.
    static func standardCount(rank: Int) -> Int { rank == 5 ? 3 : rank == 1 ? 1 : 2 }

    /// How many dimensions the request says that it pools, and the field that says so; nil where none does.
    ///
    /// - Parameter lists: the lengths of the lists among the parameters, each with its name; all must agree.
    func statedCount(
        lists: [(name: String, length: Int)], reader: FieldReader
    ) throws(PoolingError) -> (name: String, length: Int)? {
        var agreed: (name: String, length: Int)?
        if let axes { agreed = ("axes", axes.count) } else if let dims { agreed = ("dims", dims) }
        for list in lists {
            guard let known = agreed else {
                agreed = list
                continue
            }
            guard known.length == list.length else {
                throw reader.rejection(
                    .wrongLength, at: list.name,
                    "'\(list.name)' has \(list.length) entries, and '\(known.name)' says \(known.length)"
                        + reader.padsCure(of: [known, list]))
            }
        }
        return agreed
    }

    private func named(_ axes: [Int], rank: Int, reader: FieldReader) throws(PoolingError) -> [Int] {
        guard !axes.isEmpty else { throw reader.rejection(.wrongLength, at: "axes", "'axes' must not be empty") }
        var resolved: [Int] = []
        for (position, axis) in axes.enumerated() {
            let counted = axis < 0 ? axis + rank : axis
            guard (0..<rank).contains(counted) else {
                throw reader.rejection(
                    .outOfRange, at: "axes/\(position)", "axis \(axis) does not exist in an input of rank \(rank)")
            }
            guard !resolved.contains(counted) else {
                throw reader.rejection(.outOfRange, at: "axes/\(position)", "axis \(axis) is listed twice")
            }
            resolved.append(counted)
        }
        return resolved
    }

    private func spatial(_ count: Int, rank: Int) -> [Int] {
        let end = isChannelsLast ? rank - 1 : rank
        return Array(end - count..<end)
    }

    private func channel(_ count: Int, rank: Int) -> Int? {
        if isChannelsLast { return rank - 1 }
        return rank > count ? rank - count - 1 : nil
    }
}
