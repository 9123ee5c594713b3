/// Checks a forward request.
struct ForwardPlanner: Sendable {
    let layer: Layer
    private let mask: MaskFields
    private let input: Tensor
    private let reader: FieldReader
    private let limits: PoolingPlan.Limits

    init(_ reader: inout FieldReader, _ limits: PoolingPlan.Limits) throws(PoolingRefusal) {
        layer = try Layer(&reader)
        mask = layer.canHaveMask ? try MaskFields(&reader) : .none
        guard let input = reader.take(.input) else {
            throw reader.refusal(.missingField, at: "input", "'input' is missing: the tensor to pool")
        }
        self.input = input
        try reader.finish(layer.place)
        self.reader = reader
        self.limits = limits
    }

    func program() throws(PoolingRefusal) -> any Program {
        try layer.checkType(input.elementType, of: "input", reader)
        let axes = try layer.pooledAxes(input.shape, reader)
        try mask.check(layer, axes, reader)
        let outputShape = try layer.outputShape(axes, reader)
        let bytes = input.elementType.size + (mask.isWanted ? ElementType.int64.size : 0)
        try WorkLimits.checkResult(outputShape, bytesPerElement: bytes, limit: limits.resultByteCount)
        let setting = WindowSetting(layer: layer, axes: axes, outputShape: outputShape, mask: mask, reader: reader)
        let elementType = input.elementType
        switch layer.windows {
        case .whole:
            let (geometry, op) = try setting.geometry(elementType)
            let maker = Maker(geometry: geometry, op: op, elementType: elementType, mask: mask)
            guard let program = try elementType.dispatch(maker) else { throw layer.typeRefusal(elementType, reader) }
            return program
        case .sampled(let region):
            let maker = SampledMaker(
                geometry: try setting.sampledGeometry(region), reduction: try layer.sampleReduction(reader),
                elementType: elementType)
            guard let program = try elementType.dispatchReal(maker) else {
                throw layer.typeRefusal(elementType, reader)
            }
            return program
        }
    }

    private struct Maker: StoredTypeVisitor {
        let geometry: WindowGeometry
        let op: any PoolingOp
        let elementType: ElementType
        let mask: MaskFields

        func visit<Stored: StoredElement>(_ type: Stored.Type) throws(PoolingRefusal) -> any Program {
            guard let reducer = Stored.Computed.reducer(of: op.reducers) else {
                throw PoolingRefusal(.unsupportedCombination, at: "dtype", "this op needs a floating-point dtype")
            }
            let kernel = ForwardKernels.first(geometry, op, reducer, hasIndices: mask.isWanted, type)
            return MadeProgram(
                ForwardProgram<Stored>(kernel: kernel, geometry: geometry, elementType: elementType, mask: mask))
        }
    }

    private struct SampledMaker: RealTypeVisitor {
        let geometry: SampledGeometry
        let reduction: SampleReduction
        let elementType: ElementType

        func visit<Stored: StoredElement>(
            _ type: Stored.Type
        ) -> any Program where Stored.Computed: RealElement {
            MadeProgram(
                SampledForwardProgram<Stored>(
                    kernel: SampledKernel(geometry: geometry, reduction: reduction), elementType: elementType))
        }
    }
}

/// A layer, the axes it pools and the answer's shape, from which windows are made.
struct WindowSetting {
    let layer: Layer
    let axes: PooledAxes
    let outputShape: [Int]
    let mask: MaskFields
    let reader: FieldReader
    /// Whether windows are read at all; a gradient from a mask may need only planes.
    var needsTaps = true

    /// The windows, and the op fitted to them.
    func geometry(_ elementType: ElementType) throws(PoolingRefusal) -> (WindowGeometry, any PoolingOp) {
        guard case .whole(let region) = layer.windows else {
            throw reader.refusal(.unsupportedCombination, at: "region", "samples have no windows")
        }
        var context = GeometryContext(
            indexBase: mask.base, indexOrder: mask.order, computesInDouble: elementType == .float64,
            needsTaps: needsTaps, outputShape: outputShape, reader: reader)
        var geometry = try region.geometry(axes, context)
        let op = try layer.op.fitted(
            to: geometry.blocks.first?.axes.map(\.kernel) ?? axes.extents,
            channels: axes.channel.map { axes.shape[$0] }, reader)
        if op.needsChannels {
            context.needsChannels = true
            geometry = try region.geometry(axes, context)
        }
        guard geometry.largestWindow <= max(WorkLimits.paddedWindow, axes.extents.reduce(1, *)) else {
            throw PoolingRefusal(
                .workTooLarge, at: reader.pointer("kernel"),
                "a window of \(geometry.largestWindow) cells is larger than any input that could be sent")
        }
        try WorkLimits.checkWork(geometry.totalTaps)
        geometry.mergeLevels()
        return (geometry, op)
    }

    func sampledGeometry(_ region: RoIAlignRegion) throws(PoolingRefusal) -> SampledGeometry {
        let geometry = region.geometry(axes, GeometryContext(outputShape: outputShape, reader: reader))
        try WorkLimits.checkWork(geometry.work)
        return geometry
    }
}

extension Layer {
    func checkType(_ elementType: ElementType, of field: String, _ reader: FieldReader) throws(PoolingRefusal) {
        guard elementTypes.contains(elementType) else { throw typeRefusal(elementType, reader) }
    }

    /// The types that this op takes over this region.
    private var elementTypes: [ElementType] {
        let isSampled = if case .sampled = windows { true } else { false }
        return op.descriptor.elementTypes.filter { $0.isFloatingPoint || !isSampled }
    }

    func typeRefusal(_ elementType: ElementType, _ reader: FieldReader) -> PoolingRefusal {
        reader.refusal(
            .unsupportedCombination, at: "dtype",
            "\(place) needs \(elementTypes.map(\.rawValue).alternatives); the input is \(elementType.rawValue)")
    }

    /// What becomes of bilinear samples.
    func sampleReduction(_ reader: FieldReader) throws(PoolingRefusal) -> SampleReduction {
        guard case .sampled(let region) = windows, let maximum = op as? MaxOp else { return .mean }
        return region.sampleMax == .corners ? .largestCorner(maximum.nan) : .maximum(maximum.nan)
    }
}
