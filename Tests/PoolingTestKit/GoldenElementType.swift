/// A tensor's element type, as far as comparing goes.
package enum GoldenElementType: String, Sendable {
    case float32, float64, float16, bfloat16, int8, uint8, int16, uint16, int32, int64, bool

    /// The type that the nested arrays of a response to `request` have.
    init?(ofRequest request: GoldenJSON) {
        let gradients = request["grad_outputs"]?.elements ?? []
        let mainTensor = request["grad_output"] ?? gradients.first { !$0.isNull } ?? request["input"]
        guard let name = request["dtype"]?.string ?? mainTensor?["dtype"]?.string else { return nil }
        self.init(rawValue: name)
    }

    var byteCount: Int {
        switch self {
        case .int8, .uint8, .bool: 1
        case .float16, .bfloat16, .int16, .uint16: 2
        case .float32, .int32: 4
        case .float64, .int64: 8
        }
    }
}
