/// Something in a request that is valid and yet may not be meant.
package enum PoolingNotice: Hashable, Sendable {
    /// The last axis is pooled as a spatial one, and is as short as a channel axis.
    case looksChannelsLast(shape: [Int])
    /// A list of one entry among scalars made one axis the pooled one.
    case oneAxis(field: String)
    /// A list among scalars has an entry for every axis, also for those of batch and channels.
    case allAxes(field: String, count: Int)
    /// The name of the layout has other spatial axes than those that are pooled; ``isStated` where a field says how many.
    case otherLayout(name: String, named: Int, pooled: Int, isStated: Bool)

    /// One sentence in ASCII, for a header.
    package var text: String {
        switch self {
        case .looksChannelsLast(let shape):
            "the input has shape \(shape) and is pooled as channels_first, over its last axis too; "
                + "is it channels_last? send \"layout\": \"channels_last\", or \"channels_first\" if it is not"
        case .oneAxis(let field):
            "'\(field)' has one entry, so only one axis is pooled; "
                + "write a number to pool all spatial axes, or \"dims\": 1 to pool one"
        case .allAxes(let field, let count):
            "'\(field)' has \(count) entries, so all \(count) axes are pooled, batch and channels too"
                + (field.hasSuffix("padding") ? "; ONNX pads [t,l,b,r] are [[t,b],[l,r]] here" : "")
        case .otherLayout(let name, let named, let pooled, let isStated):
            "layout '\(name)' names \(named) spatial \(named == 1 ? "axis" : "axes"), but \(pooled) "
                + (pooled == 1 ? "is" : "are") + " pooled; "
                + (isStated
                    ? "write \"layout\": \"\(AxisChoice.layout(like: name, of: pooled))\""
                    : "add \"dims\": \(named)")
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
        if let shape, let notice = first.otherLayout(rank: shape.count) { notices.append(notice) }
        // A query for the input has no shape but that of its output.
        let rank = shape?.count ?? fields.wholeNumbers("output_shape")?.count
        if let notice = layers.lazy.compactMap({ $0.fields.countNotice(rank: rank, prefix: $0.prefix) }).first {
            notices.append(notice)
        }
        return notices
    }
}

extension PoolingRequest {
    /// What to ask about this request.
    var notices: [PoolingNotice] {
        PoolingNotice.all(
            fields: layerFields, shape: tensors[.input]?.shape ?? fields.wholeNumbers("input_shape"))
    }

    /// The fields, with tensors by name only; that of unpooling which may be a full shape says nothing about axes.
    private var layerFields: [Field] {
        let isUnpool = endpoint == .unpool || fields.string("op") == Endpoint.unpool.rawValue
        return fields.filter { !isUnpool || $0.name != "output_size" } + tensors.keys.map { Field($0.rawValue, .null) }
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

    /// The number of axes that one list among scalars says, where that is odd for an input of `rank`.
    fileprivate func countNotice(rank: Int?, prefix: String) -> PoolingNotice? {
        guard !contains(where: { $0.name == "dims" || $0.name == "axes" }) else { return nil }
        let hasScalar = contains { FieldNames.perAxis.contains($0.name) && $0.isNumber }
        guard let list = lists.first, lists.count == 1, hasScalar else { return nil }
        if list.count == 1, rank != 1 { return .oneAxis(field: prefix + list.name) }
        // A volume can be without batch and channels, and nothing has four spatial axes.
        guard list.count == rank, list.count >= 4 else { return nil }
        return .allAxes(field: prefix + list.name, count: list.count)
    }

    /// A layout whose name has other spatial axes than are pooled.
    fileprivate func otherLayout(rank: Int) -> PoolingNotice? {
        guard haveSpatialRegion, let layout = string("layout"), let named = AxisChoice.spatialAxes(in: layout) else {
            return nil
        }
        let stated = wholeNumber("dims") ?? lists.first?.count
        if stated == nil, contains(where: { TensorName.named[$0.name]?.givesKernel == true }) { return nil }
        let pooled = stated ?? AxisChoice.standardCount(rank: rank)
        guard pooled != named else { return nil }
        return .otherLayout(name: layout, named: named, pooled: pooled, isStated: stated != nil)
    }

    /// The lists that say how many axes are pooled.
    private var lists: [(name: String, count: Int)] {
        compactMap { field in
            guard FieldNames.perAxis.contains(field.name), case .list(let entries) = field.value else { return nil }
            return (name: field.name, count: entries.count)
        }
    }

    private func wholeNumber(_ name: String) -> Int? {
        guard case .number(let number)? = first(where: { $0.name == name })?.value else { return nil }
        return number.whole.flatMap { Int(exactly: $0) }
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
