/// `POST /v1/shape`: what a layer, or a stack of layers, would do to a shape; no tensor is involved.
package enum ShapeQuery {
    /// Layers in one request: more is no network.
    private static let largestStack = 10_000
    /// Axes of all layers together: each takes about 600 bytes of memory and 3 µs.
    private static let largestAxisCount = 1 << 15

    /// - Parameter elementType: the request's `dtype`, for the byte counts.
    /// - Returns: the members of the response, in order.
    package static func result(_ fields: [Field], elementType: ElementType?) throws(PoolingError) -> [Field] {
        var reader = try FieldReader(fields, isShapeOnly: true)
        let extents = 0...FieldNames.largestExtent
        let inputShape = try reader.takeIntegers("input_shape", in: extents)
        let outputShape = try reader.takeIntegers("output_shape", in: 1...FieldNames.largestExtent)
        try WorkLimits.checkRank(inputShape, at: reader.pointer("input_shape"))
        try WorkLimits.checkRank(outputShape, at: reader.pointer("output_shape"))
        let isStack = reader.has("layers")
        let layers = isStack ? try stack(&reader) : [try ShapeLayer(&reader)]
        try reader.finish(isStack ? "a stack of layers" : "a shape query of \(layers[0].layer.description)")
        try checkAxes((inputShape ?? outputShape ?? []).count, layers, reader)
        switch (inputShape, outputShape) {
        case (let shape?, nil):
            let size = (elementType ?? .float32).size
            return try forward(shape, layers, isStack: isStack, elementSize: size, reader)
        case (nil, let shape?):
            return try InverseShapeQuery(layers: layers, reader: reader).result(shape)
        case (nil, nil):
            throw reader.rejection(
                .missingField, at: "input_shape",
                "'input_shape' is missing: the shape of the input (or give 'output_shape')")
        case (.some, .some):
            throw reader.rejection(
                .unsupportedCombination, at: "output_shape",
                "'input_shape' and 'output_shape' exclude each other; leave out one of them")
        }
    }

    private static func checkAxes(
        _ rank: Int, _ layers: [ShapeLayer], _ reader: FieldReader
    ) throws(PoolingError) {
        guard rank.multipliedSaturating(by: layers.count) <= largestAxisCount else {
            throw reader.rejection(
                .workTooLarge, at: "layers",
                "\(layers.count) layers over \(rank) axes; layers times axes may be at most \(largestAxisCount)")
        }
    }

    private static func stack(_ reader: inout FieldReader) throws(PoolingError) -> [ShapeLayer] {
        let entries = try reader.takeLayers(counts: 1...largestStack)
        let layout = reader.take(Self.layout).map { Field(Self.layout, $0) }
        var layers: [ShapeLayer] = []
        for (position, fields) in entries.enumerated() {
            let own = fields.filter { $0.value != .null }
            var inner = try FieldReader(
                own, prefix: "layers/\(position)/", outside: try outside(layout, of: own, position, reader),
                isShapeOnly: true)
            // The layers of a chain can be asked about as they are.
            _ = try inner.takeBool("return_output", default: false)
            layers.append(try ShapeLayer(&inner))
            try inner.finish("a layer of a stack")
        }
        return layers
    }

    private static let layout = "layout"

    /// The `layout` of the whole stack for a layer, which may repeat it or, where the stack has none, have one of its own.
    private static func outside(
        _ layout: Field?, of own: [Field], _ position: Int, _ reader: FieldReader
    ) throws(PoolingError) -> [Field] {
        guard let layout else { return [] }
        guard let repeated = own.first(where: { $0.name == layout.name }) else { return [layout] }
        guard repeated == layout || AxisChoice.areSame(repeated.value, layout.value) else {
            throw reader.rejection(
                .unsupportedCombination, at: "layers/\(position)/\(layout.name)",
                "'\(layout.name)' is the same for all layers, and differs from the one next to 'layers'; leave it out")
        }
        return []
    }

    private static func forward(
        _ shape: [Int], _ layers: [ShapeLayer], isStack: Bool, elementSize: Int, _ reader: FieldReader
    ) throws(PoolingError) -> [Field] {
        var reports: [ShapeReport] = []
        var current = shape
        for layer in layers {
            let report = try layer.report(current, elementSize: elementSize)
            reports.append(report)
            current = report.outputShape
        }
        guard isStack else { return reports[0].fields }
        return ShapeReport.summary(reports) + [Field("layers", .list(reports.map { .object($0.fields) }))]
    }
}
