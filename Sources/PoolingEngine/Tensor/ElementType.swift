/// The number types of tensors, named as the wire names them (`dtype`).
package enum ElementType: String, CaseIterable, Sendable, Hashable {
    case float32, float64, float16, bfloat16
    case int8, uint8, int16, uint16, int32, int64
    case bool

    /// Bytes that one element takes.
    package var size: Int {
        switch self {
        case .int8, .uint8, .bool: 1
        case .float16, .bfloat16, .int16, .uint16: 2
        case .float32, .int32: 4
        case .float64, .int64: 8
        }
    }

    package var isFloatingPoint: Bool {
        switch self {
        case .float32, .float64, .float16, .bfloat16: true
        case .int8, .uint8, .int16, .uint16, .int32, .int64, .bool: false
        }
    }

    package var isInteger: Bool { !isFloatingPoint && self != .bool }

    /// That `user` takes `types`, and `tensor` is of this one.
    func rejection(by user: String, of tensor: String, taken types: [ElementType]) -> String {
        "\(user) needs \(types.map(\.rawValue).alternatives); \(tensor) is \(rawValue)"
    }

    /// That gradients are not computed in this type.
    var gradientRejection: String {
        rejection(by: "a gradient", of: "'grad_output'", taken: Self.allCases.filter(\.isFloatingPoint))
    }
}
