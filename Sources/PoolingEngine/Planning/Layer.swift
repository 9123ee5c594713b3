/// One op over one region with its parameters, before any input is known.
struct Layer: Sendable {
    let op: any PoolingOp
    let region: any Region
    let axisChoice: AxisChoice
    /// Which elements take part; nil for all.
    private let mask: Tensor?
    /// The value of a window without cells.
    let emptyValue: FieldNumber

    static let emptyValueParameter = ParameterDescriptor(
        "empty_value", "number", default: .number(FieldNumber(0)),
        "value of an empty window, such as one whose cells are all masked")

    var opName: String { op.descriptor.name }
    var regionName: String { type(of: region).descriptor.name }
    var capabilities: RegionCapabilities { type(of: region).capabilities }
    var description: String { "'\(opName)' over \(regionName) regions" }

    /// Takes the fields that every layer has, and those of its op and region.
    init(_ reader: inout FieldReader) throws(PoolingError) {
        let opType = try reader.inEntry { (reader) throws(PoolingError) in try Self.opType(&reader) }
        let regionType = try Self.region(&reader)
        let capabilities = regionType.capabilities
        if let reason = capabilities.rejection(of: opType) {
            throw reader.rejection(
                .unsupportedCombination, at: "op",
                "'\(opType.descriptor.name)' is not supported over \(regionType.descriptor.name) regions: \(reason)")
        }
        region = try regionType.init(&reader, for: opType)
        mask = capabilities.takesMask ? try reader.takeBooleans(.mask) : nil
        let canBeEmpty = capabilities.takesMask || capabilities.canBeEmpty
        emptyValue = (canBeEmpty ? try reader.takeElementNumber("empty_value") : nil) ?? FieldNumber(0)
        let context = OpContext(
            countsPadding: region.countsPadding, hasChannelWeights: capabilities.hasSpatialAxes,
            hasStructure: capabilities.numbersKernelCells)
        op = try reader.inEntry { (reader) throws(PoolingError) in try opType.init(&reader, context) }
        axisChoice =
            capabilities.hasSpatialAxes
            ? try AxisChoice(&reader, acceptsAxes: regionType.descriptor.acceptsAxes) : .fixed
    }

    var hasMask: Bool { mask != nil }

    /// The elements that windows over these axes see; nil for all.
    func elementMask(_ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> ElementMask? {
        guard let mask else { return nil }
        return try ElementMask(mask, axes, reader)
    }

    /// The op with its numbers for the kernel and the channels of an input.
    ///
    /// - Throws: a rejection where they are not as many as there are cells or channels.
    func fittedOp(_ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> any PoolingOp {
        if let learnable = op.learnable {
            let channel = axes.channel.map { axes.shape[$0] }
            try reader.require(learnable.parameter, region.outputChannels(axes) ?? channel)
        }
        return try op.fitted(to: region.kernel(axes) ?? axes.extents, axes, reader)
    }

    private static func opType(_ reader: inout FieldReader) throws(PoolingError) -> any PoolingOp.Type {
        guard let name = try reader.takeString("op") else {
            let names = PoolingCatalog.operationNames
            throw reader.rejection(.missingField, at: "op", "'op' is missing: one of \(names.joined(separator: ", "))")
        }
        guard let type = PoolingCatalog.op(named: name) else {
            throw reader.unknownOp(name)
        }
        return type
    }

    private static func region(_ reader: inout FieldReader) throws(PoolingError) -> any Region.Type {
        guard let name = try reader.takeString("region") else { return PoolingCatalog.defaultRegion }
        guard let type = PoolingCatalog.region(named: name) else { throw reader.unknownRegion(name) }
        return type
    }
}

extension AxisChoice {
    /// For regions whose input has one form.
    static let fixed = AxisChoice(isChannelsLast: true, dims: nil, axes: nil)

    private init(isChannelsLast: Bool, dims: Int?, axes: [Int]?) {
        (self.isChannelsLast, self.dims, self.axes) = (isChannelsLast, dims, axes)
    }
}
