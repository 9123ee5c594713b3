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
