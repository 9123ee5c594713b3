/// Checks a backward request.
struct BackwardPlanner: Sendable {
    let layer: Layer
    private let mask: MaskFields
    private let gradOutput: TensorKind
    private let input: TensorKind?
    let inputShape: [Int]
    private let indices: Tensor?
    private let reader: FieldReader
    private let limits: PoolingPlan.Limits
    /// Where the gradient that comes in is, for messages.
    private let place: String

    /// - Parameter place: where the gradient that comes in is, if not in `grad_output`.
    init(
        _ reader: inout FieldReader, _ limits: PoolingPlan.Limits, place: String? = nil
    ) throws(PoolingRefusal) {
        self.place = place ?? reader.pointer("grad_output")
        layer = try Layer(&reader)
        mask = layer.canHaveMask ? try MaskFields(&reader) : .none
        guard let gradOutput = reader.takeKind(.gradOutput) else {
            throw reader.refusal(
                .missingField, at: "grad_output", "'grad_output' is missing: the gradient with respect to the output")
        }
        self.gradOutput = gradOutput
        let takesIndices = layer.canHaveMask && layer.op.descriptor.hasIndices
        indices =
            takesIndices
            ? try reader.inEntry { (reader) throws(PoolingRefusal) in try reader.takeIntegerTensor(.indices) } : nil
        input = reader.takeKind(.input)
        inputShape = try Self.inputShape(&reader, input, layer, hasIndices: indices != nil)
        try reader.finish("the gradient of \(layer.place)")
        self.reader = reader
        self.limits = limits
    }

    private static func inputShape(
        _ reader: inout FieldReader, _ input: TensorKind?, _ layer: Layer, hasIndices: Bool
    ) throws(PoolingRefusal) -> [Int] {
        let shape = try reader.takeIntegers("input_shape", in: 0...FieldNames.largestExtent)
        if let input {
            guard shape == nil || shape == input.shape else {
                throw reader.refusal(
                    .shapeMismatch, at: "input_shape", "'input_shape' is \(shape ?? []) and 'input' has \(input.shape)")
            }
            return input.shape
        }
        let needsValues = layer.gradientNeedsValues && !hasIndices
        guard let shape, !needsValues else {
            throw reader.refusal(
                .missingField, at: needsValues ? "input" : "input_shape",
                needsValues
                    ? "the gradient of \(layer.place) needs 'input'"
                        + (layer.canHaveMask ? ", or 'indices' and 'input_shape'" : "")
                    : "the gradient of \(layer.place) needs 'input' or 'input_shape'")
        }
        return shape
    }

    var hasIndices: Bool { indices != nil }

    func program() throws(PoolingRefusal) -> any Program {
        let elementType = gradOutput.elementType
        guard elementType.isFloatingPoint else {
            throw reader.refusal(
                .unsupportedCombination, at: "dtype",
                "gradients need a floating-point dtype, not \(elementType.rawValue)")
        }
        if let input, input.elementType != elementType {
            throw reader.refusal(
                .wrongType, at: "input",
                "'input' is \(input.elementType.rawValue) and 'grad_output' \(elementType.rawValue); they must agree")
        }
        try WorkLimits.checkResult(
            inputShape, bytesPerElement: elementType.size, limit: limits.resultByteCount)
        let axes = try layer.region.pooledAxes(layer.axisChoice, shape: inputShape, reader: reader)
        try mask.check(layer, axes, reader)
        let outputShape = try layer.region.outputShape(axes, reader: reader)
        try WorkLimits.checkCount(outputShape, at: "")
        guard gradOutput.shape == outputShape else {
            throw PoolingRefusal(
                .shapeMismatch, at: place,
                "'\(place.indexed)' has shape \(gradOutput.shape); it must have \(outputShape), the shape of the forward "
                    + "output")
        }
        if let indices { try reader.require(outputShape, of: indices, .indices, "one index for each output") }
        return try program(axes, outputShape, elementType)
    }

    private func program(
        _ axes: PooledAxes, _ outputShape: [Int], _ elementType: ElementType
    ) throws(PoolingRefusal) -> any Program {
        var setting = WindowSetting(layer: layer, axes: axes, outputShape: outputShape, mask: mask, reader: reader)
        setting.needsTaps = indices == nil || mask.base == .window || layer.op.spreadsBesideIndices
        let (windows, op) = try setting.windows(elementType)
        let maker = Maker(
            windows: windows, op: op, elementType: elementType, inputShape: inputShape, hasInput: input != nil,
            indices: indices, readsWindows: setting.needsTaps, limits: limits)
        let program =
            if case .sampled(let geometry) = windows {
                try elementType.dispatchReal(
                    SampledMaker(geometry: geometry, maker: maker, needsValues: layer.gradientNeedsValues))
            } else {
                try elementType.dispatchReal(maker)
            }
        guard let program else { throw layer.typeRefusal(elementType, reader) }
        return program
    }

    private struct Maker: RealTypeVisitor {
        let windows: LayerWindows
        let op: any PoolingOp
        let elementType: ElementType
        let inputShape: [Int]
        let hasInput: Bool
        let indices: Tensor?
        let readsWindows: Bool
        let limits: PoolingPlan.Limits

        private var inputCount: Int { inputShape.checkedProduct ?? .max }

        func visit<Stored: StoredElement>(
            _ type: Stored.Type
        ) throws(PoolingRefusal) -> any Program where Stored.Computed: RealElement {
            guard let reducer = Stored.Computed.reducer(of: op.reducers) else {
                throw PoolingRefusal(.unsupportedCombination, at: "dtype", "this op needs another dtype")
            }
            if indices == nil, let program = try recomputing(reducer, type) { return program }
            var cost = cost(GradientBuffer<Stored>.byteCount(inputCount, elementType))
            if let indices, indices.elementType != .int64 {
                cost.scratchByteCount = cost.scratchByteCount.addingSaturating(
                    indices.count.multipliedSaturating(by: ElementType.int64.size))
            }
            if hasInput, indices == nil, op.tableGradient != nil {
                cost.operations = cost.operations.addingSaturating(cost.operations / 2)
            }
            try WorkLimits.checkWork(cost.operations, limit: limits.work)
            let work = work(reducer, type)
            cost.threadByteCount = threadByteCount(work, reducer)
            return BackwardProgram(
                work: work, inputShape: inputShape, elementType: elementType,
                needsValues: indices == nil && op.descriptor.gradient != .inputShape, indices: indices,
                table: tableSums(reducer), cost: cost, tableSize: tableSize)
        }

        private var tableSize: Int {
            if case .whole(let geometries) = windows { geometries.reduce(0) { $0 + $1.tableSize } } else { 0 }
        }

        private func work<Stored: StoredElement>(
            _ reducer: Reducer<Stored.Computed>, _ type: Stored.Type
        ) -> BackwardProgram<Stored>.Work where Stored.Computed: RealElement {
            let op = op
            let make: @Sendable (WindowGeometry, Tensor?, Bool) -> any BackwardKernel<Stored> = {
                geometry, indices, writes in
                guard let indices else { return BackwardKernels.first(geometry, op, reducer, writes: writes, type) }
                return BackwardKernels.first(
                    geometry, indices: indices, selectedShare: reducer.selectedShare, writes: writes, type)
            }
            switch windows {
            case .whole(let geometries) where indices == nil:
                return .kernels(
                    geometries.map { make($0, nil, geometries.count == 1) }, planes: geometries.first?.planeCount ?? 0)
            case .whole(let geometries): return .whole(geometries, make)
            case .parts(let parts): return .parts(parts, make)
            case .sampled: return .whole([], make)
            }
        }

        private func threadByteCount<Stored: StoredElement>(
            _ work: BackwardProgram<Stored>.Work, _ reducer: Reducer<Stored.Computed>
        ) -> Int where Stored.Computed: RealElement {
            switch work {
            case .kernels(let kernels, _): kernels.reduce(0) { max($0, $1.scratchByteCount) }
            case .whole: readsWindows ? windows.largestWindow.multipliedSaturating(by: 16) : 0
            case .parts(let parts, _): parts.threadByteCount(reducer, gradients: true)
            }
        }

        func cost(_ scratch: Int) -> Cost {
            let operations = CostModel(windows: windows, weight: op.weight).backward(
                readsWindows: readsWindows, inputs: inputCount)
            return Cost(
                operations: operations, resultByteCount: inputCount.multipliedSaturating(by: elementType.size),
                scratchByteCount: scratch)
        }

        /// The indices are computed again with row kernels, where there are some, and gradients sent back through them.
        private func recomputing<Stored: StoredElement>(
            _ reducer: Reducer<Stored.Computed>, _ type: Stored.Type
        ) throws(PoolingRefusal) -> (any Program)? where Stored.Computed: RealElement {
            guard hasInput, reducer.select != nil, op.fold != nil, case .whole(let geometries) = windows,
                geometries.count == 1, let geometry = geometries.first
            else { return nil }
            let outputs = geometry.outputCount
            let model = CostModel(windows: windows, weight: op.weight)
            let operations = model.forward(usesRows: true, outputs: outputs)
                .addingSaturating(model.backward(readsWindows: false, inputs: inputCount))
            try WorkLimits.checkWork(operations, limit: limits.work)
            guard let kernels = ForwardKernels.rowKernels(geometry, op, hasIndices: true, type) else { return nil }
            var cost = Cost(
                operations: operations, resultByteCount: inputCount.multipliedSaturating(by: elementType.size),
                scratchByteCount: GradientBuffer<Stored>.byteCount(inputCount, elementType))
            cost.scratchByteCount = cost.scratchByteCount.addingSaturating(
                outputs.multipliedSaturating(by: elementType.size + ElementType.int64.size))
            cost.threadByteCount = kernels.reduce(0) { max($0, $1.scratchByteCount) }
            let forward = ForwardProgram<Stored>(
                work: .kernels(kernels), outputShape: geometry.outputShape, elementType: elementType, mask: .wanted,
                cost: cost, tableSize: geometry.tableSize)
            return RecomputedIndicesProgram(forward: forward, geometry: geometry, cost: cost)
        }

        private func tableSums<Stored: StoredElement>(
            _ reducer: Reducer<Stored.Computed>
        ) -> TableSums<Stored>? where Stored.Computed: RealElement {
            guard hasInput, indices == nil, let gradient = op.tableGradient else { return nil }
            return TableSums(windows: windows, reducer: reducer, gradient: gradient)
        }
    }

    private struct SampledMaker: RealTypeVisitor {
        let geometry: SampledGeometry
        let maker: Maker
        let needsValues: Bool

        func visit<Stored: StoredElement>(
            _ type: Stored.Type
        ) throws(PoolingRefusal) -> any Program where Stored.Computed: RealElement {
            let count = maker.inputShape.checkedProduct ?? .max
            let cost = maker.cost(GradientBuffer<Stored>.byteCount(count, maker.elementType))
            return SampledBackwardProgram<Stored>(
                kernel: SampledKernel(geometry: geometry, reduction: maker.op.sampleReduction(geometry)),
                elementType: maker.elementType, needsValues: needsValues, cost: cost)
        }
    }
}

extension Layer {
    /// Whether the gradient depends on the values of the input.
    var gradientNeedsValues: Bool { op.descriptor.gradient != .inputShape }
}

extension Tensor {
    /// The same integers as `int64`.
    func asInt64() throws(PoolingRefusal) -> Tensor {
        if elementType == .int64 { return self }
        let wide = try Tensor(allocating: .int64, shape: shape)
        wide.withMutableElements(as: Int64.self) { elements in
            for place in elements.indices { elements[place] = Int64(integer(at: place)) }
        }
        return wide
    }
}
