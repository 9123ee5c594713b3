/// Why a known field has no place in a request.
struct UnusedField {
    let name: String
    /// The op and region that the request names, and all its fields.
    let op: String?
    let region: String?
    let given: [String]
    /// What the request is, such as `'max' over sliding regions`.
    let subject: String
    /// Whether the op is one of several.
    var isAmongSeveral = false
    /// Whether the op is one per layer of a chain, and the field next to the chain.
    var isOutsideLayers = false
    /// Whether only shapes are asked for.
    var isShapeOnly = false

    /// Fields of which a request has one.
    private static let exclusive = FieldNames.descriptors.flatMap { field in field.excludes.map { (field.name, $0) } }

    /// Fields of which a request for several ops has one.
    private static let exclusiveAmongSeveral: [(one: String, other: String)] = [
        ("return_indices", "combine"), ("indices", "combine"), ("op", "ops"),
    ]

    /// Fields that only mean something with another, or a value of it.
    private static let requirements = Dictionary(
        FieldNames.descriptors.compactMap { field in field.requirement.map { (field.name, $0) } }
    ) { first, _ in first }

    var detail: String { reason + hint }

    private var reason: String {
        if isShapeOnly, name == TensorName.input.rawValue {
            return "a shape query has no 'input'; give the shape of the input as 'input_shape'"
        }
        if isOutsideLayers { return chainReason }
        if let other = rival { return "'\(name)' and '\(other)' exclude each other; leave out one of them" }
        if let needed = Self.requirements[name], isOwn {
            return "'\(name)' is used with \(needed) only"
        }
        if isAmongSeveral, takes(name) {
            return "with 'ops', '\(name)' goes "
                + (OpEntry.names.contains(name) ? "into the entry of its op" : "next to 'ops', not into an entry")
        }
        if let reason = indexingReason ?? ownerReason { return reason }
        return "\(subject) does not take '\(name)'"
    }

    /// A field outside of the layers that belongs in each of them, or nowhere.
    private var chainReason: String {
        Self.ofLayers.contains(name)
            ? "with 'layers', '\(name)' goes into each layer" : "\(subject) does not take '\(name)'"
    }

    /// Fields of a layer: its op and region, their parameters, and what its result has.
    private static let ofLayers = Set(
        PoolingCatalog.parameters.map(\.name) + (FieldNames.indexing + FieldNames.gradient).map(\.name)
            + ["op", "ops", "combine", "region", "dims", "axes", "return_output"])

    /// A field of the request that takes the place of this one.
    private var rival: String? {
        if isAmongSeveral,
            let pair = Self.exclusiveAmongSeveral.first(where: { $0.one == name && given.contains($0.other) })
        {
            return pair.other
        }
        for (one, other) in Self.exclusive where one == name || other == name {
            let rival = one == name ? other : one
            // Only where either could be taken: over other regions, leaving out the rival would not help.
            if given.contains(rival), takes(rival), takes(name) { return rival }
        }
        return nil
    }

    private var indexingReason: String? {
        guard let op, FieldNames.indexing.contains(where: { $0.name == name }) else { return nil }
        let known = PoolingCatalog.op(named: op)?.descriptor
        guard known?.hasIndices == false else { return nil }
        let others = PoolingCatalog.ops.map { $0.descriptor }.filter(\.hasIndices).map(\.name)
        return "'\(name)' is for ops with indices (\(others.joined(separator: ", "))); '\(op)' has none"
    }

    private var ownerReason: String? {
        guard let op else { return nil }
        let ops = PoolingCatalog.ops.map { $0.descriptor }.filter { $0.parameters.contains { $0.name == name } }
        let regions = PoolingCatalog.regions.map { $0.descriptor }.filter { $0.parameters.contains { $0.name == name } }
        guard !isOwn else { return nil }
        let (opNames, regionNames) = (ops.map { "'\($0.name)'" }, regions.map { "'\($0.name)'" })
        let region = region ?? PoolingCatalog.defaultRegion.descriptor.name
        return switch (opNames.isEmpty, regionNames.isEmpty) {
        case (true, true): nil
        case (false, true): "'\(name)' is a parameter of \(opNames.alternatives); '\(op)' does not take it"
        case (true, false):
            "'\(name)' is a parameter of the region \(regionNames.alternatives); '\(region)' does not take it"
        case (false, false):
            "'\(name)' is a parameter of \(opNames.alternatives) and of the region \(regionNames.alternatives); "
                + "'\(op)' over '\(region)' does not take it"
        }
    }

    /// Whether it is a parameter of this op or region.
    private var isOwn: Bool {
        guard let (op, region) = PoolingCatalog.descriptors(of: op, over: region) else { return false }
        return FieldNames.parameters(of: op, over: region).contains(name)
    }

    /// Whether the op and region have it, as a parameter or a common field.
    private func takes(_ name: String) -> Bool {
        op == nil || FieldNames.taken(by: op, over: region).contains(name)
    }

    /// A parameter that other frameworks call so.
    private var hint: String {
        guard let (op, region) = PoolingCatalog.descriptors(of: op, over: region) else { return "" }
        let free = FieldNames.parameters(of: op, over: region).filter { !given.contains($0) && $0 != name }
        return NameHint.text(for: name, among: free, .fields)
    }
}
