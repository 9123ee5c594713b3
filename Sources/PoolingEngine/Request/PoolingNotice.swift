/// Something in a request that is valid and yet may not be meant.
package enum PoolingNotice: Hashable, Sendable {
    /// The last axis is pooled as a spatial one, and is as short as a channel axis.
    case looksChannelsLast(shape: [Int])
    /// A list of one entry among scalars made one axis the pooled one.
    case oneAxis(field: String)

    /// One sentence in ASCII, for a header.
    package var text: String {
        switch self {
        case .looksChannelsLast(let shape):
            "the input has shape \(shape) and is pooled as channels_first, over its last axis too; "
                + "is it channels_last? send \"layout\": \"channels_last\", or \"channels_first\" if it is not"
        case .oneAxis(let field):
            "'\(field)' has one entry, so only one axis is pooled; "
                + "write a number to pool all spatial axes, or \"dims\": 1 to pool one"
        }
    }

    /// What to ask about a shape query.
    package static func all(ofShapeQuery fields: [Field]) -> [PoolingNotice] {
        all(fields: fields, shape: fields.wholeNumbers("input_shape"))
    }

    /// What to ask about a request, by its fields and shapes alone; each kind once.
    ///
    /// - Parameter shape: of the tensor that is pooled, where it is known.
    static func all(fields: [Field], shape: [Int]?) -> [PoolingNotice] {
        let layers = fields.layers ?? [(prefix: "", fields: fields)]
        var notices: [PoolingNotice] = []
        let first = fields + (layers.first?.fields ?? [])
        if let shape, first.haveSpatialRegion, !first.contains(where: { ["layout", "axes"].contains($0.name) }),
            shape.looksChannelsLast
        {
            notices.append(.looksChannelsLast(shape: shape))
        }
        // A query for the input has no shape but that of its output.
        let rank = shape?.count ?? fields.wholeNumbers("output_shape")?.count
        if rank != 1,
            let field = layers.lazy.compactMap({ layer in layer.fields.decidingList.map { layer.prefix + $0 } }).first
        {
            notices.append(.oneAxis(field: field))
        }
        return notices
    }
}

extension PoolingRequest {
    /// What to ask about this request.
    var notices: [PoolingNotice] {
        PoolingNotice.all(fields: fields, shape: tensors[.input]?.shape ?? fields.wholeNumbers("input_shape"))
    }
}

extension [Field] {
    /// The numbers of a list that is a shape; nil where it is none.
    func wholeNumbers(_ name: String) -> [Int]? {
        guard case .list(let values) = first(where: { $0.name == name })?.value else { return nil }
        let numbers = values.compactMap { value -> Int? in
            guard case .number(let number) = value else { return nil }
            return number.whole.flatMap { Int(exactly: $0) }
        }
        return numbers.count == values.count ? numbers : nil
    }

    /// The fields of each layer of a stack, and what leads their pointers; nil where this is no stack.
    fileprivate var layers: [(prefix: String, fields: [Field])]? {
        guard case .list(let values) = first(where: { $0.name == "layers" })?.value else { return nil }
        return values.enumerated().map { position, value in
            guard case .object(let fields) = value else { return ("", []) }
            return ("layers/\(position)/", fields)
        }
    }

    /// Whether a layout decides which axes are pooled.
    fileprivate var haveSpatialRegion: Bool {
        guard case .string(let region) = first(where: { $0.name == "region" })?.value else { return true }
        return PoolingCatalog.takesLayout(region: region)
    }

    /// The one list among scalars that decides how many axes are pooled, where it says one; nil where nothing is odd.
    fileprivate var decidingList: String? {
        guard !contains(where: { $0.name == "dims" || $0.name == "axes" }) else { return nil }
        let sizes = filter { Self.perAxis.contains($0.name) }
        let lists = sizes.compactMap { field in
            if case .list(let entries) = field.value { (name: field.name, count: entries.count) } else { nil }
        }
        guard lists.count == 1, lists[0].count == 1, sizes.contains(where: \.isNumber) else { return nil }
        return lists[0].name
    }

    private static var perAxis: [String] {
        ["kernel", "stride", "dilation", "padding", "output_size", "output_ratio", "boundaries"]
    }
}

extension Field {
    fileprivate var isNumber: Bool { if case .number = value { true } else { false } }
}

extension [Int] {
    /// Whether the last axis is as short as channels are, and the two before it longer.
    var looksChannelsLast: Bool {
        guard count >= 3, let channels = last, 1...4 ~= channels else { return false }
        return self[count - 2] > channels && self[count - 3] > channels
    }
}
