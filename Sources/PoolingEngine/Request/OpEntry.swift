/// An entry of `ops`: an op with all that belongs to it and its result.
struct OpEntry: Sendable {
    var remaining: [Field]
    var tensors: [TensorName: Tensor]
    let operation: String?
    private let given: [String]
    /// Where the entry is, such as `ops/1`.
    private let location: String
    /// Whether the entry is no more than a name.
    private let isName: Bool

    /// - Throws: ``PoolingError`` where `value` is neither a name nor an object.
    init(_ value: FieldValue, tensors: [TensorName: Tensor], at location: String) throws(PoolingError) {
        switch value {
        case .string(let name): remaining = [Field("op", .string(name))]
        case .object(let fields): remaining = fields.filter { $0.value != .null }
        default:
            throw PoolingError(
                .wrongType, at: location, "expected the name of an op or an object with 'op', got \(value.kind)")
        }
        if case .string = value { isName = true } else { isName = false }
        self.tensors = tensors
        self.location = location
        operation = remaining.string("op")
        given = remaining.map(\.name) + tensors.keys.map(\.rawValue)
    }

    func pointer(_ name: String) -> String { isName ? location : "\(location)/\(name)" }

    mutating func take(_ name: String) -> FieldValue? {
        guard let position = remaining.firstIndex(where: { $0.name == name }) else { return nil }
        return remaining.remove(at: position).value
    }

    /// Whether a field of that name is the entry's, there or not.
    func owns(_ name: String) -> Bool { given.contains(name) || Self.names.contains(name) }

    /// A field or tensor that nobody took, unless it says no more than its absence would.
    var unused: String? {
        remaining.first { !FieldNames.isDefault($0) }?.name ?? tensors.keys.map(\.rawValue).min()
    }

    /// What belongs to an op or its result, and never to a region.
    static let names: Set<String> = {
        let own = PoolingCatalog.ops.flatMap { $0.descriptor.parameters.map(\.name) }
        let regions = PoolingCatalog.regions.flatMap { $0.descriptor.parameters.map(\.name) }
        return Set(
            own + (FieldNames.indexing + FieldNames.gradient).map(\.name) + ["op", TensorName.indices.rawValue]
        ).subtracting(regions)
    }()
}
