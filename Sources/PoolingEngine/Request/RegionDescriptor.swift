/// A region as `GET /v1/operations` describes it.
struct RegionDescriptor: Sendable {
    let name: String
    let parameters: [ParameterDescriptor]
    /// Whether pooled axes can be chosen with `axes`.
    let acceptsAxes: Bool
    let summary: String
    let source: String
    /// What other frameworks call it.
    let otherNames: OtherNames
    /// What they call an op over this region, by the name of the op.
    let otherNamesOfOps: [String: [String]]

    init(
        _ name: String, parameters: [ParameterDescriptor], acceptsAxes: Bool = false, summary: String, source: String,
        otherNames: OtherNames = [], otherNamesOfOps: [String: [String]] = [:]
    ) {
        self.name = name
        self.parameters = parameters
        self.acceptsAxes = acceptsAxes
        self.summary = summary
        self.source = source
        self.otherNames = otherNames
        self.otherNamesOfOps = otherNamesOfOps
    }
}
