/// A parameter as `GET /v1/operations` describes it, and how it goes together with other fields.
struct ParameterDescriptor: Sendable {
    /// What lists of a parameter mean.
    struct Lists: OptionSet {
        let rawValue: UInt8

        /// One entry for each pooled axis, so that they say how many axes are pooled.
        static let perAxis = Lists(rawValue: 1)
        /// One entry for each pooled axis; other frameworks have entries for batch and channels too.
        static let perAxisOfInput: Lists = [perAxis, Lists(rawValue: 2)]
        /// Entries that take longer to plan than to read.
        static let plannedPerEntry = Lists(rawValue: 4)
    }

    let name: String
    /// `number`, `integer`, `string`, `boolean`, `tensor`, `list`, or several with a bar between.
    let type: String
    let values: [String]
    let standard: FieldValue
    let summary: String
    let lists: Lists
    /// The tensor that it is, if any.
    private(set) var tensor: TensorName?
    /// Fields that a request cannot have together with this one.
    let excludes: [String]
    /// The setting without which it has no effect, as in `padding_mode 'constant'`.
    let requirement: String?
    /// What other frameworks call it.
    let otherNames: OtherNames
    /// What they call its values.
    let otherValues: KeyValuePairs<String, [String]>

    init(
        _ name: String, _ type: String, values: [String] = [], default standard: FieldValue = .null, _ summary: String,
        lists: Lists = [], excludes: [String] = [], requires requirement: String? = nil, otherNames: OtherNames = [],
        otherValues: KeyValuePairs<String, [String]> = [:]
    ) {
        self.name = name
        self.type = type
        self.values = values
        self.standard = standard
        self.summary = summary
        self.lists = lists
        self.excludes = excludes
        self.requirement = requirement
        self.otherNames = otherNames
        self.otherValues = otherValues
    }

    init(
        _ tensor: TensorName, _ summary: String, lists: Lists = [], excludes: [String] = [], otherNames: OtherNames = []
    ) {
        self.init(tensor.rawValue, "tensor", summary, lists: lists, excludes: excludes, otherNames: otherNames)
        self.tensor = tensor
    }
}
