/// What a shape query tells of one layer.
struct ShapeReport: Sendable {
    private(set) var outputShape: [Int]
    let windows: Int
    let inputBytes: Int
    private(set) var outputBytes: Int
    private(set) var maskBytes: Int
    var windowing: WindowReport?
    var clippedWindows: Int?
    var operations: Int?

    var fields: [Field] {
        var fields = [Field("output_shape", .integers(outputShape))]
        if let padding = windowing?.padding {
            fields.append(Field("padding", .list(padding.map { .integers([$0.before, $0.after]) })))
        }
        fields.append(Field("windows", .integer(windows)))
        if let clippedWindows { fields.append(Field("clipped_windows", .integer(clippedWindows))) }
        if let unused = windowing?.unused { fields.append(Field("unused", .integers(unused))) }
        if let field = windowing?.field { fields += field.fields }
        if let operations { fields.append(Field("operations", .integer(operations))) }
        return fields + [
            Field("input_bytes", .integer(inputBytes)),
            Field("output_bytes", .integer(outputBytes)),
            Field("mask_bytes", .integer(maskBytes)),
        ]
    }

    /// Adds what another op over the same windows takes.
    ///
    /// - Parameter axis: along which the outputs become one; nil where each is returned.
    mutating func add(_ other: ShapeReport, joinedAlong axis: Int?) {
        if let axis { outputShape[axis] = outputShape[axis].addingSaturating(other.outputShape[axis]) }
        outputBytes = outputBytes.addingSaturating(other.outputBytes)
        maskBytes = maskBytes.addingSaturating(other.maskBytes)
        operations = operations.flatMap { own in other.operations.map(own.addingSaturating) }
    }

    /// What a stack tells as a whole.
    static func summary(_ reports: [ShapeReport]) -> [Field] {
        guard let first = reports.first, let last = reports.last else { return [] }
        var fields = [Field("output_shape", .integers(last.outputShape))]
        if let whole = ReceptiveField.stacked(reports.map { $0.windowing?.field }) { fields += whole.fields }
        let operations = reports.reduce(Int?.some(0)) { total, report in
            guard let total, let more = report.operations else { return nil }
            return total.addingSaturating(more)
        }
        if let operations { fields.append(Field("operations", .integer(operations))) }
        return fields + [
            Field("input_bytes", .integer(first.inputBytes)),
            Field("output_bytes", .integer(last.outputBytes)),
            Field("mask_bytes", .integer(reports.reduce(0) { $0.addingSaturating($1.maskBytes) })),
        ]
    }
}

extension FieldValue {
    static func integer(_ value: Int) -> FieldValue { .number(FieldNumber(value)) }
    static func integers(_ values: [Int]) -> FieldValue { .list(values.map { .integer($0) }) }
}
