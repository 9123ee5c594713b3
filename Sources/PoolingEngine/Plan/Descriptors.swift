/// A parameter as `GET /v1/operations` describes it.
struct ParameterDescriptor: Sendable {
    let name: String
    /// `number`, `integer`, `string`, `boolean`, `tensor`, `list`, or several with a bar between.
    let type: String
    let values: [String]
    let standard: FieldValue
    let summary: String

    init(
        _ name: String, _ type: String, values: [String] = [], default standard: FieldValue = .null, _ summary: String
    ) {
        self.name = name
        self.type = type
        self.values = values
        self.standard = standard
        self.summary = summary
    }
}

/// An op as `GET /v1/operations` describes it.
struct OpDescriptor: Sendable {
    /// What a gradient needs with `grad_output`.
    enum Gradient: String, Sendable {
        /// The mask, or the input to compute it again.
        case mask
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

    var hasIndices: Bool { gradient == .mask }

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
            name, gradient: gradient, parameters: parameters, summary: summary, source: source)
        descriptor.typeCondition = condition
        return descriptor
    }

    init(
        _ name: String, gradient: Gradient, supportsIntegers: Bool = false, supportsBool: Bool = false,
        parameters: [ParameterDescriptor] = [],
        summary: String, source: String
    ) {
        self.name = name
        self.gradient = gradient
        self.supportsIntegers = supportsIntegers
        self.supportsBool = supportsBool
        self.parameters = parameters
        self.summary = summary
        self.source = source
    }
}

/// A region as `GET /v1/operations` describes it.
struct RegionDescriptor: Sendable {
    struct Rejection: Sendable {
        /// The op that does not work over this region.
        let op: String
        let reason: String
    }

    let name: String
    let parameters: [ParameterDescriptor]
    /// Whether pooled axes can be chosen with `axes`.
    let acceptsAxes: Bool
    let summary: String
    let source: String

    init(
        _ name: String, parameters: [ParameterDescriptor], acceptsAxes: Bool = false, summary: String, source: String
    ) {
        self.name = name
        self.parameters = parameters
        self.acceptsAxes = acceptsAxes
        self.summary = summary
        self.source = source
    }
}
