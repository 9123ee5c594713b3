import PoolingEngine

/// A request as the oracle reads it: fields by name, defaults where the caller states them.
struct OracleRequest {
    let request: PoolingRequest

    init(_ request: PoolingRequest) { self.request = request }

    func value(_ name: String) -> FieldValue? { request.fields.first { $0.name == name }?.value }
    func tensor(_ name: TensorName) -> Tensor? { request.tensors[name] }

    func text(_ name: String, _ fallback: String) -> String {
        if case .string(let text) = value(name) { text } else { fallback }
    }

    func flag(_ name: String) -> Bool? {
        if case .bool(let flag) = value(name) { flag } else { nil }
    }

    func real(_ name: String) -> Double? { value(name)?.real }
    func whole(_ name: String) -> Int? { real(name).map { Int($0) } }

    /// The field's entries, one per axis; a lone number is for all axes.
    func perAxis(_ name: String, count: Int) -> [Int]? {
        switch value(name) {
        case .number(let number): Array(repeating: Int(number.value), count: count)
        case .list(let list): list.map { Int($0.real ?? 0) }
        default: nil
        }
    }

    var op: String { text("op", "") }
    var region: String { text("region", "sliding") }

    /// The shape of the tensor that is pooled.
    var inputShape: [Int] {
        if let input = tensor(.input) { return input.shape }
        return perAxis("input_shape", count: 0) ?? []
    }

    /// The type in which values are pooled.
    var elementType: ElementType {
        tensor(.input)?.elementType ?? tensor(.gradOutput)?.elementType ?? request.elementType ?? .float32
    }
}

extension FieldValue {
    var real: Double? {
        switch self {
        case .number(let number): number.value
        case .string("Infinity"): .infinity
        default: nil
        }
    }

    var entries: [FieldValue]? {
        if case .list(let list) = self { list } else { nil }
    }
}
