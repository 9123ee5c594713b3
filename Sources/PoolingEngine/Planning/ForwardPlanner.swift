/// Checks a forward request.
struct ForwardPlanner: Sendable {
    let layer: Layer
    private let indexFields: IndexFields
    private let input: TensorKind
    private let axes: PooledAxes
    let outputShape: [Int]
    private let reader: FieldReader
    private let limits: PoolingPlan.Limits

    init(_ reader: inout FieldReader, _ limits: PoolingPlan.Limits) throws(PoolingError) {
        layer = try Layer(&reader)
        let indexFields: IndexFields = layer.canHaveIndices ? try IndexFields(&reader) : .none
        input = try reader.requireKind(.input, "the tensor to pool")
        try reader.finish(layer.description)
        self.reader = reader
        self.limits = limits
        try layer.checkType(input.elementType, of: "input", reader)
        try WorkLimits.checkCount(input.shape, at: reader.pointer("input"))
        axes = try layer.region.pooledAxes(layer.axisChoice, shape: input.shape, reader: reader)
        self.indexFields = try indexFields.fitted(to: layer, axes, reader)
        outputShape = try layer.region.outputShape(axes, reader: reader)
    }

    /// The type and shape of the output.
    var output: TensorKind { TensorKind(elementType: input.elementType, shape: outputShape) }
    /// The axis of the output along which outputs of several ops are joined; nil where there is none.
    var channelAxis: Int? { layer.region.channelAxis(of: axes, outputRank: outputShape.count) }
    var returnsIndices: Bool { indexFields.isWanted }

    func program() throws(PoolingError) -> any Program {
        let bytes = input.elementType.size + indexFields.resultByteCount
        try WorkLimits.checkResult(outputShape, bytesPerElement: bytes, limit: limits.resultByteCount)
        let setting = WindowSetting(
            layer: layer, axes: axes, outputShape: outputShape, indexFields: indexFields, reader: reader)
        let (windows, op) = try setting.windows(input.elementType)
        let planByteCount = PlanSize(op: op, isGradient: false).byteCount(of: windows)
        try limits.checkPlan(planByteCount)
        let maker = Maker(
            windows: windows, op: op, elementType: input.elementType, indexFields: indexFields,
            outputShape: outputShape,
            resultByteCount: (outputShape.checkedProduct ?? .max).multipliedSaturating(by: bytes),
            planByteCount: planByteCount, limits: limits)
        let program: (any Program)? =
            if case .sampled(let geometry) = windows {
                try input.elementType.dispatchReal(SampledMaker(geometry: geometry, maker: maker))
            } else {
                try maker.program(input.elementType)
            }
        guard let program else { throw layer.typeRejection(input.elementType, reader) }
        return program
    }

    struct Maker: StoredTypeVisitor {
        let windows: LayerWindows
        let op: any PoolingOp
        let elementType: ElementType
        let indexFields: IndexFields
        let outputShape: [Int]
        let resultByteCount: Int
        let planByteCount: Int
        let limits: PoolingPlan.Limits

        func visit<Stored: StoredElement>(_ type: Stored.Type) throws(PoolingError) -> any Program {
            guard let variants = OpVariants<Stored.Computed>(op) else {
                throw PoolingError(
                    .unsupportedCombination, at: "dtype",
                    elementType.rejection(by: "this op", of: "the input", taken: op.descriptor.elementTypes))
            }
            // Kernels are made of what is known to be affordable in the dearest way, or is no more than a row kernel does.
            let rowCost = cost(usesRows: true)
            try WorkLimits.checkWork(rowCost.operations, limit: limits.work)
            return try program(variants, type, rowCost)
        }

        private func program<Stored: StoredElement>(
            _ variants: OpVariants<Stored.Computed>, _ type: Stored.Type, _ rowCost: Cost
        ) throws(PoolingError) -> ForwardProgram {
            let (op, reducer, hasIndices) = (op, variants.reducer, indexFields.isWanted)
            switch variants.split(windows) {
            case .whole(let geometries):
                var (kernels, usesRows) = ([PlannedKernel](), true)
                for geometry in geometries {
                    let made = ForwardKernels.whole(geometry, op, reducer, hasIndices: hasIndices, type)
                    kernels += made.kernels
                    usesRows = usesRows && made.usesRows
                }
                var cost = usesRows ? rowCost : cost(usesRows: false)
                cost.threadByteCount = kernels.reduce(0) { max($0, $1.scratchByteCount) }
                try WorkLimits.checkWork(cost.operations, limit: limits.work)
                return ForwardProgram(
                    work: .kernels(kernels), outputShape: outputShape, elementType: elementType,
                    indexFields: indexFields, cost: cost)
            case .parts(let parts):
                var cost = cost(of: .parts(parts), usesRows: false)
                cost.threadByteCount = parts.threadByteCount(reducer, gradients: false)
                return ForwardProgram(
                    work: .parts(parts) { geometry in
                        variants.flatMap(geometry) { geometry, variant in
                            ForwardKernels.part(geometry, variant.op, variant.reducer, hasIndices: hasIndices, type)
                        }
                    }, outputShape: outputShape, elementType: elementType, indexFields: indexFields, cost: cost)
            case .sampled:
                throw PoolingError(.unsupportedCombination, at: "region", "samples have no windows")
            }
        }

        func cost(usesRows: Bool) -> Cost { cost(of: windows, usesRows: usesRows) }

        private func cost(of windows: LayerWindows, usesRows: Bool) -> Cost {
            let outputs = outputShape.checkedProduct ?? .max
            let isFolded = usesRows && (op.fold != nil || op.tapWeights != nil)
            let operations = CostModel(windows: windows, op: op).forward(
                usesRows: isFolded, outputs: outputs)
            return Cost(
                operations: operations, resultByteCount: resultByteCount,
                scratchByteCount: indexFields.scratchByteCount(outputs: outputs), planByteCount: planByteCount)
        }
    }

    private struct SampledMaker: RealTypeVisitor {
        let geometry: SampledGeometry
        let maker: Maker

        func visit<Stored: StoredElement>(
            _ type: Stored.Type
        ) throws(PoolingError) -> any Program where Stored.Computed: RealElement {
            let kernel = PlannedKernel(
                SampledKernel<Stored>(geometry: geometry, reduction: maker.op.sampleReduction(geometry)))
            var cost = maker.cost(usesRows: false)
            cost.threadByteCount = kernel.scratchByteCount
            return ForwardProgram(
                work: .kernels([kernel]), outputShape: maker.outputShape, elementType: maker.elementType,
                indexFields: maker.indexFields, cost: cost)
        }
    }
}

extension WindowParts {
    /// Bytes that one thread computes a part in, tables included.
    func threadByteCount<Element: PoolingElement>(_ reducer: Reducer<Element>, gradients: Bool) -> Int {
        let lane = PlaneLevel(count: max(planeCount, rowLength), input: 1, output: 1, index: 0, channel: 0)
        let needs = WindowScratch<Element>.Needs(
            laneCapacity: reducer.laneCapacity(lane, largestWindow: largestWindow),
            tapCapacity: max(largestWindow, 1),
            // Selective windows list their prefixes too.
            readerRoom: max(largestWindow, 1).multipliedSaturating(by: isSelective ? 5 : 2), gradients: gradients,
            sorts: reducer.sorts)
        let elements = inputShape.checkedProduct ?? .max
        let rows = min(elements.multipliedSaturating(by: 32), ForwardKernels.largestScratch)
        let edges = EdgeCells.scratchByteCount(windows: windows)
        let selections = gradients ? SelectionGradient.largestResult : 0
        return max(needs.byteCount, rows, edges).addingSaturating(selections).addingSaturating(tableByteCount)
    }
}

extension Layer {
    /// Whether an output over this region fits `elementType` as the input does, so that it can be computed in it.
    func stays(within elementType: ElementType) -> Bool {
        type(of: op).staysInRange && elementTypes.contains(elementType)
    }

    func checkType(_ elementType: ElementType, of field: String, _ reader: FieldReader) throws(PoolingError) {
        guard elementTypes.contains(elementType) else { throw typeRejection(elementType, reader) }
    }

    /// The types that this op takes over this region.
    private var elementTypes: [ElementType] {
        op.descriptor.elementTypes.filter { $0.isFloatingPoint || !capabilities.isSampled }
    }

    func typeRejection(_ elementType: ElementType, _ reader: FieldReader) -> PoolingError {
        let condition = capabilities.isSampled ? nil : op.descriptor.typeCondition
        return reader.rejection(
            .unsupportedCombination, at: "dtype",
            elementType.rejection(
                by: condition.map { "'\(opName)' with \($0.setting)" } ?? description, of: "the input",
                taken: elementTypes)
                + (condition.map { "; \($0.alternative)" } ?? ""))
    }
}
