/// A small tensor among the fields of a shape query, which has no tensors of its own.
struct FieldTensor {
    private(set) var shape: [Int] = []
    private(set) var entries: [FieldValue] = []

    /// Nested lists, or an object with `shape` and `data`; nil where lists are ragged or do not fill the shape.
    init?(_ value: FieldValue) {
        guard case .object(let members) = value else {
            guard case .list = value, append(value, depth: 0) else { return nil }
            return
        }
        guard case .list(let extents)? = members.first(where: { $0.name == "shape" })?.value,
            let data = members.first(where: { $0.name == "data" })?.value, case .list = data
        else { return nil }
        guard append(data, depth: 0), shape.count == 1 else { return nil }
        shape = extents.map {
            if case .number(let number) = $0, let whole = number.whole { Int(clamping: whole) } else { -1 }
        }
        guard shape.checkedProduct == entries.count else { return nil }
    }

    /// Takes a value at some depth of the lists; false where it is not as long as those before it.
    private mutating func append(_ value: FieldValue, depth: Int) -> Bool {
        guard case .list(let values) = value else {
            entries.append(value)
            return depth == shape.count
        }
        if depth == shape.count {
            guard entries.isEmpty else { return false }
            shape.append(values.count)
        }
        guard shape[depth] == values.count else { return false }
        for value in values {
            guard append(value, depth: depth + 1) else { return false }
        }
        return true
    }

    /// The entries as booleans or numbers of a type; nil where one is something else.
    func tensor(_ type: ElementType) throws(PoolingError) -> Tensor? {
        let tensor = try Tensor(allocating: type == .bool ? .bool : .float64, shape: shape)
        for (index, entry) in entries.enumerated() {
            guard let number = Self.number(entry) else { return nil }
            guard type == .bool else {
                tensor.withMutableElements(as: Double.self) { $0[index] = number }
                continue
            }
            guard number == 0 || number == 1 else { return nil }
            tensor.withMutableElements(as: UInt8.self) { $0[index] = number == 1 ? 1 : 0 }
        }
        return tensor
    }

    private static func number(_ value: FieldValue) -> Double? {
        switch value {
        case .bool(let bool): bool ? 1 : 0
        case .number(let number): number.value
        case .string("-Infinity"): -.infinity
        case .string("Infinity"): .infinity
        case .string("NaN"): .nan
        default: nil
        }
    }
}
