/// A region as `GET /v1/operations` describes it.
struct RegionDescriptor: Sendable {
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
