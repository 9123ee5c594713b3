/// One op over one region with its parameters, before any input is known.
struct Layer: Sendable {
    /// The region: taps that are whole elements, or samples between them.
    enum Windows: Sendable {
        case whole(any Region)
        case sampled(RoIAlignRegion)
    }

    let op: any PoolingOp
    let windows: Windows
    let regionName: String
    let axisChoice: AxisChoice

    var opName: String { op.descriptor.name }
    var place: String { "'\(opName)' over \(regionName) regions" }

    /// Takes the fields that every layer has, and those of its op and region.
    init(_ reader: inout FieldReader) throws(PoolingRefusal) {
        let opType = try Self.opType(&reader)
        let entry = try Self.region(&reader)
        regionName = entry.descriptor.name
        if let reason = entry.refusal(of: opType.descriptor.name) {
            throw reader.refusal(
                .unsupportedCombination, at: "op",
                "'\(opType.descriptor.name)' does not work over \(regionName) regions: \(reason)")
        }
        if let type = entry.type {
            let region = try type.init(&reader)
            windows = .whole(region)
            op = try opType.init(&reader, OpContext(region: regionName, countsPadding: region.countsPadding))
        } else {
            let takesMaximum = opType.descriptor.name == MaxOp.descriptor.name
            windows = .sampled(try RoIAlignRegion(&reader, takesMaximum: takesMaximum))
            op = try opType.init(&reader, OpContext(region: regionName, countsPadding: false))
        }
        let hasAxes = regionName != SequenceRegion.descriptor.name && regionName != SegmentsRegion.descriptor.name
        axisChoice =
            hasAxes ? try AxisChoice(&reader, acceptsAxes: entry.descriptor.acceptsAxes) : .fixed
    }

    private static func opType(_ reader: inout FieldReader) throws(PoolingRefusal) -> any PoolingOp.Type {
        guard let name = try reader.takeString("op") else {
            let names = PoolingCatalog.operationNames
            throw reader.refusal(.missingField, at: "op", "'op' is missing: one of \(names.joined(separator: ", "))")
        }
        guard let type = PoolingCatalog.op(named: name) else {
            throw reader.unknownOp(name)
        }
        return type
    }

    private static func region(
        _ reader: inout FieldReader
    ) throws(PoolingRefusal) -> PoolingCatalog.RegionEntry {
        let name = try reader.takeString("region") ?? SlidingRegion.descriptor.name
        guard let entry = PoolingCatalog.regions.first(where: { $0.descriptor.name == name }) else {
            throw reader.unknownRegion(name)
        }
        return entry
    }

    func pooledAxes(_ shape: [Int], _ reader: FieldReader) throws(PoolingRefusal) -> PooledAxes {
        switch windows {
        case .whole(let region): try region.pooledAxes(axisChoice, shape: shape, reader: reader)
        case .sampled(let region): try region.regions.pooledAxes(axisChoice, shape: shape, reader: reader)
        }
    }

    func outputShape(_ axes: PooledAxes, _ reader: FieldReader) throws(PoolingRefusal) -> [Int] {
        switch windows {
        case .whole(let region): try region.outputShape(axes, reader: reader)
        case .sampled(let region): try region.regions.outputShape(axes, reader: reader)
        }
    }
}

extension AxisChoice {
    /// For regions whose input has one form.
    static let fixed = AxisChoice(isChannelsLast: true, dims: nil, axes: nil)

    private init(isChannelsLast: Bool, dims: Int?, axes: [Int]?) {
        (self.isChannelsLast, self.dims, self.axes) = (isChannelsLast, dims, axes)
    }
}
