/// The types that gradients are added up in; whoever reads sums handles each of them.
enum SumType: Sendable {
    case float32, float64

    /// Of a tensor of sums.
    ///
    /// - Throws: a rejection for a tensor of another type, whose memory would be misread.
    init(of sums: Tensor) throws(PoolingError) {
        switch sums.elementType {
        case .float32: self = .float32
        case .float64: self = .float64
        case .float16, .bfloat16, .int8, .uint8, .int16, .uint16, .int32, .int64, .bool:
            throw PoolingError(.unsupportedCombination, at: "dtype", sums.elementType.gradientRejection)
        }
    }

    var elementType: ElementType {
        switch self {
        case .float32: .float32
        case .float64: .float64
        }
    }
}
