/// One layer of a shape query, with the fields' location for its rejections.
struct ShapeLayer: Sendable {
    let layer: Layer
    let reader: FieldReader
    private let indexFields: IndexFields
    /// The others of several ops over the same windows.
    private let others: [ShapeLayer]
    private let isCombined: Bool

    init(_ reader: inout FieldReader) throws(PoolingError) {
        guard reader.has(OpList.field) else {
            self = try ShapeLayer(single: &reader)
            return
        }
        let list = try OpList(&reader)
        var layers: [ShapeLayer] = []
        for entry in list.entries {
            reader = try list.reader.entering(entry)
            let layer = try ShapeLayer(single: &reader)
            try reader.finish("a shape query of \(layer.layer.description)")
            layers.append(layer)
        }
        (layer, indexFields, others, isCombined) = (
            layers[0].layer, layers[0].indexFields, Array(layers.dropFirst()), list.isCombined
        )
        self.reader = reader
    }

    private init(single reader: inout FieldReader) throws(PoolingError) {
        layer = try Layer(&reader)
        indexFields = layer.canHaveIndices ? try IndexFields(sizeOf: &reader) : .none
        (others, isCombined) = ([], false)
        self.reader = reader
    }

    func report(_ shape: [Int], elementSize: Int) throws(PoolingError) -> ShapeReport {
        var report = try ownReport(shape, elementSize: elementSize)
        let axis = isCombined ? try channelAxis(shape, outputRank: report.outputShape.count) : nil
        for other in others {
            report.add(try other.ownReport(shape, elementSize: elementSize), joinedAlong: axis)
        }
        try WorkLimits.checkCount(report.outputShape, at: "")
        return report
    }

    private func channelAxis(_ shape: [Int], outputRank: Int) throws(PoolingError) -> Int {
        let axes = try layer.region.pooledAxes(layer.axisChoice, shape: shape, reader: reader)
        guard let axis = layer.region.channelAxis(of: axes, outputRank: outputRank) else {
            throw OpList.noChannelAxis(reader)
        }
        return axis
    }

    /// Of the first or only op.
    private func ownReport(_ shape: [Int], elementSize: Int) throws(PoolingError) -> ShapeReport {
        try WorkLimits.checkCount(shape, at: reader.pointer("input_shape"))
        let axes = try layer.region.pooledAxes(layer.axisChoice, shape: shape, reader: reader)
        try indexFields.check(layer, axes, reader)
        _ = try layer.fittedOp(axes, reader)
        _ = try layer.elementMask(axes, reader)
        let outputShape = try layer.region.outputShape(axes, reader: reader)
        try WorkLimits.checkCount(outputShape, at: "")
        let (inputCount, windows) = (shape.checkedProduct ?? 0, outputShape.checkedProduct ?? 0)
        var report = ShapeReport(
            outputShape: outputShape, windows: windows, inputBytes: inputCount * elementSize,
            outputBytes: windows * elementSize,
            maskBytes: layer.canHaveIndices ? windows * indexFields.type.elementType.size : 0)
        report.windowing = try layer.region.report(axes, reader)
        if let windowing = report.windowing {
            let planes = axes.kept.reduce(1) { $0.multipliedSaturating(by: axes.shape[$1]) }
            report.clippedWindows = windowing.clipped.map { $0.multipliedSaturating(by: planes) }
            report.operations = windowing.taps.flatMap { operations($0, planes: planes, windows: windows) }
        }
        return report
    }

    /// Σ over windows of taps − 1, and one division for an average.
    private func operations(_ tapsPerPlane: Int, planes: Int, windows: Int) -> Int? {
        let (taps, overflow) = tapsPerPlane.multipliedReportingOverflow(by: planes)
        let divisions = layer.op.dividesByCount ? windows : 0
        return overflow ? nil : (taps - windows).addingSaturating(divisions)
    }
}
