/// An op as `GET /v1/operations` describes it.
struct OpDescriptor: Sendable {
    /// What a gradient needs with `grad_output`.
    enum Gradient: String, Sendable {
        /// The indices, or the input to compute them again.
        case indices = "mask"
        case input
        /// Only the shape of the input.
        case inputShape = "input_shape"
    }

    let name: String
    let gradient: Gradient
    let supportsIntegers: Bool
    /// Whether it names one of its cells, whatever their type.
    let supportsBool: Bool
    let parameters: [ParameterDescriptor]
    let summary: String
    let source: String
    /// What other frameworks call it.
    let otherNames: OtherNames

    var hasIndices: Bool { gradient == .indices }

    /// The types that it takes.
    var elementTypes: [ElementType] {
        ElementType.allCases.filter { $0 == .bool ? supportsBool : $0.isFloatingPoint || supportsIntegers }
    }

    /// Why it takes floating-point types only, where other parameters would let it take more.
    private(set) var typeCondition: TypeCondition?

    struct TypeCondition: Sendable {
        /// The parameter that decides, as in `interpolation 'linear'`.
        let setting: String
        /// What to write for integers.
        let alternative: String
    }

    /// The same op for floating-point types only.
    func withoutIntegers(because condition: TypeCondition) -> OpDescriptor {
        var descriptor = OpDescriptor(
            name, gradient: gradient, parameters: parameters, summary: summary, source: source, otherNames: otherNames)
        descriptor.typeCondition = condition
        return descriptor
    }

    init(
        _ name: String, gradient: Gradient, supportsIntegers: Bool = false, supportsBool: Bool = false,
        parameters: [ParameterDescriptor] = [],
        summary: String, source: String, otherNames: OtherNames = []
    ) {
        self.name = name
        self.gradient = gradient
        self.supportsIntegers = supportsIntegers
        self.supportsBool = supportsBool
        self.parameters = parameters
        self.summary = summary
        self.source = source
        self.otherNames = otherNames
    }
}
