/// Checks a backward request.
struct BackwardPlanner: Sendable {
    let layer: Layer
    private let mask: IndexFields
    private let gradOutput: TensorKind
    private let input: TensorKind?
    let inputShape: [Int]
    private let indices: Tensor?
    private let wantsParameters: Bool
    private let reader: FieldReader
    private let limits: PoolingPlan.Limits
    /// Where the gradient that comes in is, for messages.
    private let place: String

    /// - Parameter place: where the gradient that comes in is, if not in `grad_output`.
    init(
        _ reader: inout FieldReader, _ limits: PoolingPlan.Limits, place: String? = nil
    ) throws(PoolingError) {
        self.place = place ?? reader.pointer("grad_output")
        layer = try Layer(&reader)
        mask = layer.canHaveIndices ? try IndexFields(&reader) : .none
        guard let gradOutput = reader.takeKind(.gradOutput) else {
            throw reader.rejection(
                .missingField, at: "grad_output", "'grad_output' is missing: the gradient with respect to the output")
        }
        self.gradOutput = gradOutput
        indices = try Self.takeIndices(&reader, layer)
        input = reader.takeKind(.input)
        wantsParameters = try Self.takeWantsParameters(&reader, layer)
        inputShape = try Self.inputShape(
            &reader, input, layer, hasIndices: indices != nil, wantsParameters: wantsParameters)
        try reader.finish("the gradient of \(layer.place)")
        self.reader = reader
        self.limits = limits
    }

    /// Takes what a gradient takes, where none comes in.
    static func check(_ reader: inout FieldReader) throws(PoolingError) {
        let layer = try Layer(&reader)
        if layer.canHaveIndices { _ = try IndexFields(&reader) }
        _ = try takeIndices(&reader, layer)
        _ = reader.takeKind(.input)
        _ = try takeWantsParameters(&reader, layer)
        _ = try reader.takeIntegers("input_shape", in: 0...FieldNames.largestExtent)
        try reader.finish("the gradient of \(layer.place)")
    }

    private static func takeIndices(_ reader: inout FieldReader, _ layer: Layer) throws(PoolingError) -> Tensor? {
        guard layer.canHaveIndices, layer.op.descriptor.hasIndices else { return nil }
        return try reader.inEntry { (reader) throws(PoolingError) in try reader.takeIntegerTensor(.indices) }
    }

    /// Whether the derivative with respect to the op's parameter is wanted.
    private static func takeWantsParameters(
        _ reader: inout FieldReader, _ layer: Layer
    ) throws(PoolingError) -> Bool {
        try reader.inEntry { (reader) throws(PoolingError) in
            guard let learnable = layer.op.learnable,
                try reader.takeBool("return_grad_parameters", default: false)
            else { return false }
            if let obstacle = learnable.parameterObstacle {
                throw reader.rejection(.unsupportedCombination, at: "return_grad_parameters", obstacle)
            }
            return true
        }
    }

    private static func inputShape(
        _ reader: inout FieldReader, _ input: TensorKind?, _ layer: Layer, hasIndices: Bool, wantsParameters: Bool
    ) throws(PoolingError) -> [Int] {
        let shape = try reader.takeIntegers("input_shape", in: 0...FieldNames.largestExtent)
        if let input {
            guard shape == nil || shape == input.shape else {
                throw reader.rejection(
                    .shapeMismatch, at: "input_shape", "'input_shape' is \(shape ?? []) and 'input' has \(input.shape)")
            }
            return input.shape
        }
        let needsValues = layer.gradientNeedsValues && !hasIndices
        if wantsParameters {
            throw reader.rejection(
                .missingField, at: "input", "'return_grad_parameters' needs 'input', the values that the op pooled")
        }
        guard let shape, !needsValues else {
            throw reader.rejection(
                .missingField, at: needsValues ? "input" : "input_shape",
                needsValues
                    ? "the gradient of \(layer.place) needs 'input'"
                        + (layer.canHaveIndices ? ", or 'indices' and 'input_shape'" : "")
                    : "the gradient of \(layer.place) needs 'input' or 'input_shape'")
        }
        return shape
    }

    var hasIndices: Bool { indices != nil }

    func program() throws(PoolingError) -> any Program {
        let elementType = gradOutput.elementType
        guard elementType.isFloatingPoint else {
            throw reader.rejection(
                .unsupportedCombination, at: "dtype", elementType.gradientRejection)
        }
        if let input, input.elementType != elementType {
            throw reader.rejection(
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
            throw PoolingError(
                .shapeMismatch, at: place,
                "'\(place.indexed)' has shape \(gradOutput.shape); it must have \(outputShape), the shape of the forward "
                    + "output")
        }
        if let indices { try reader.require(outputShape, of: indices, .indices, "one index for each output") }
        return try program(axes, outputShape, elementType)
    }

    private func program(
        _ axes: PooledAxes, _ outputShape: [Int], _ elementType: ElementType
    ) throws(PoolingError) -> any Program {
        var setting = WindowSetting(layer: layer, axes: axes, outputShape: outputShape, mask: mask, reader: reader)
        setting.needsTaps = indices == nil || wantsParameters || mask.base == .window || layer.op.spreadsBesideIndices
        let (windows, op) = try setting.windows(elementType)
        let maker = Maker(
            windows: windows, op: op, elementType: elementType, inputShape: inputShape, hasInput: input != nil,
            indices: indices, readsWindows: setting.needsTaps, wantsParameters: wantsParameters, limits: limits)
        guard let program = try elementType.dispatchReal(maker) else { throw layer.typeRejection(elementType, reader) }
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
        let wantsParameters: Bool
        let limits: PoolingPlan.Limits

        private var inputCount: Int { inputShape.checkedProduct ?? .max }

        func visit<Stored: StoredElement>(
            _ type: Stored.Type
        ) throws(PoolingError) -> any Program where Stored.Computed: RealElement {
            guard let variants = OpVariants<Stored.Computed>(op) else {
                throw PoolingError(.unsupportedCombination, at: "dtype", elementType.gradientRejection)
            }
            // Where few shares add up, the sum in the op's own type is as good as the rounded one.
            return windows.largestShareCount > Self.sharesInOwnType
                ? try program(variants, type, Double.self) : try program(variants, type, Stored.Computed.self)
        }

        /// Shares whose sum in `Float` is off by at most as many halves of its last place: 1.5e-5 of their magnitudes.
        private static var sharesInOwnType: Int { 256 }

        private func program<Stored: StoredElement, Sum: RealElement>(
            _ variants: OpVariants<Stored.Computed>, _ type: Stored.Type, _ sum: Sum.Type
        ) throws(PoolingError) -> any Program where Stored.Computed: RealElement {
            if case .sampled(let geometry) = windows { return sampled(geometry, type, sum) }
            let reducer = variants.reducer
            if indices == nil, !wantsParameters, variants.channelCount == nil,
                let program = try recomputing(reducer, type, sum)
            {
                return program
            }
            var cost = cost(GradientBuffer<Stored, Sum>.byteCount(inputCount, elementType))
            if let indices, indices.elementType != .int64 {
                cost.scratchByteCount = cost.scratchByteCount.addingSaturating(
                    indices.count.multipliedSaturating(by: ElementType.int64.size))
            }
            if hasInput, indices == nil, op.tableGradient != nil {
                cost.operations = cost.operations.addingSaturating(cost.operations / 2)
            }
            if wantsParameters {
                let model = CostModel(windows: windows, weight: op.weight)
                cost.operations = cost.operations.addingSaturating(model.parameterGradient)
            }
            try WorkLimits.checkWork(cost.operations, limit: limits.work)
            let work = work(variants, type, sum)
            let additions = additions(variants) as [AddedGradient<Stored>]
            cost.threadByteCount = additions.reduce(threadByteCount(work, reducer)) { max($0, $1.scratchByteCount) }
            return BackwardProgram<Stored, Sum>(
                work: work, inputShape: inputShape, elementType: elementType,
                needsValues: indices == nil && op.descriptor.gradient != .inputShape, indices: indices,
                additions: additions, cost: cost, tableSize: tableSize)
        }

        private var tableSize: Int {
            if case .whole(let geometries) = windows { geometries.reduce(0) { $0 + $1.tableSize } } else { 0 }
        }

        private func work<Stored: StoredElement, Sum: RealElement>(
            _ variants: OpVariants<Stored.Computed>, _ type: Stored.Type, _ sum: Sum.Type
        ) -> BackwardProgram<Stored, Sum>.Work where Stored.Computed: RealElement {
            let make: BackwardProgram<Stored, Sum>.Making = { geometry, indices, writes in
                let parts = variants.split(geometry)
                return parts.map { geometry, variant in
                    let kernel: any BackwardKernel<Stored, Sum> =
                        if let indices {
                            BackwardKernels.first(
                                geometry, indices: indices, selectedShare: variant.reducer.selectedShare,
                                writes: writes && parts.count == 1)
                        } else {
                            BackwardKernels.first(
                                geometry, variant.op, variant.reducer, writes: writes && parts.count == 1)
                        }
                    return (kernel, geometry.planeCount)
                }
            }
            switch variants.split(windows) {
            case .whole(let geometries) where indices == nil:
                return .kernels(
                    geometries.flatMap { make($0, nil, geometries.count == 1).map(\.kernel) },
                    planes: geometries.first?.planeCount ?? 0)
            case .whole(let geometries): return .whole(geometries, make)
            case .parts(let parts): return .parts(parts, make)
            case .sampled: return .whole([], make)
            }
        }

        private func threadByteCount<Stored: StoredElement, Sum: RealElement>(
            _ work: BackwardProgram<Stored, Sum>.Work, _ reducer: Reducer<Stored.Computed>
        ) -> Int where Stored.Computed: RealElement {
            switch work {
            case .kernels(let kernels, _): kernels.reduce(0) { max($0, $1.scratchByteCount) }
            case .whole(let geometries, _):
                geometries.reduce(readsWindows ? windows.largestWindow.multipliedSaturating(by: 16) : 0) {
                    max($0, PlaneScatterKernel<Stored, Sum>.scratchByteCount($1))
                }
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

        /// The indices are computed again with row kernels, where there are some, or where selecting takes most of the time,
        /// and gradients sent back through them.
        private func recomputing<Stored: StoredElement, Sum: RealElement>(
            _ reducer: Reducer<Stored.Computed>, _ type: Stored.Type, _ sum: Sum.Type
        ) throws(PoolingError) -> (any Program)? where Stored.Computed: RealElement {
            let usesRows = op.fold != nil
            guard hasInput, reducer.reduceSelecting != nil, usesRows || reducer.sorts,
                case .whole(let geometries) = windows,
                let first = geometries.first
            else { return nil }
            let outputs = first.outputCount
            let model = CostModel(windows: windows, weight: op.weight)
            let operations = model.forward(usesRows: usesRows, outputs: outputs)
                .addingSaturating(model.backward(readsWindows: false, inputs: inputCount))
            try WorkLimits.checkWork(operations, limit: limits.work)
            var kernels: [any ForwardKernel<Stored>] = []
            for geometry in geometries {
                let rows = ForwardKernels.rowKernels(geometry, op, hasIndices: true, type)
                guard rows != nil || !usesRows else { return nil }
                kernels += rows ?? ForwardKernels.gathering(geometry, reducer, type)
            }
            var cost = Cost(
                operations: operations, resultByteCount: inputCount.multipliedSaturating(by: elementType.size),
                scratchByteCount: GradientBuffer<Stored, Sum>.byteCount(inputCount, elementType))
            cost.scratchByteCount = cost.scratchByteCount.addingSaturating(
                outputs.multipliedSaturating(by: elementType.size + ElementType.int64.size))
            cost.threadByteCount = geometries.reduce(kernels.reduce(0) { max($0, $1.scratchByteCount) }) {
                max($0, PlaneScatterKernel<Stored, Sum>.scratchByteCount($1))
            }
            let forward = ForwardProgram(
                work: .kernels(kernels.map { PlannedKernel($0) }), outputShape: first.outputShape,
                elementType: elementType, mask: .wanted, cost: cost, tableSize: tableSize)
            return RecomputedIndicesProgram<Stored, Sum>(
                forward: forward, geometries: geometries, inputShape: inputShape, cost: cost)
        }

        private func sampled<Stored: StoredElement, Sum: RealElement>(
            _ geometry: SampledGeometry, _ type: Stored.Type, _ sum: Sum.Type
        ) -> any Program where Stored.Computed: RealElement {
            var cost = cost(GradientBuffer<Stored, Sum>.byteCount(inputCount, elementType))
            cost.threadByteCount = SampledKernel<Stored>.scratchByteCount
            return SampledBackwardProgram<Stored, Sum>(
                SampledKernel(geometry: geometry, reduction: op.sampleReduction(geometry)),
                elementType: elementType, needsValues: op.descriptor.gradient != .inputShape, cost: cost)
        }

        private func additions<Stored: StoredElement>(
            _ variants: OpVariants<Stored.Computed>
        ) -> [AddedGradient<Stored>] where Stored.Computed: RealElement {
            let table = hasInput && indices == nil ? op.tableGradient : nil
            let parameter = wantsParameters ? op.learnable?.parameter : nil
            return (table.map { [AddedGradient($0, variants.reducer, windows, weights: op.tapWeights)] } ?? [])
                + (parameter.map { [AddedGradient($0, variants, windows)] } ?? [])
        }
    }
}

extension Layer {
    /// Whether the gradient depends on the values of the input.
    var gradientNeedsValues: Bool { op.descriptor.gradient != .inputShape }
}

extension Tensor {
    /// The same integers as `int64`.
    func asInt64() throws(PoolingError) -> Tensor {
        if elementType == .int64 { return self }
        let wide = try Tensor(allocating: .int64, shape: shape)
        wide.withMutableElements(as: Int64.self) { elements in
            for place in elements.indices { elements[place] = Int64(integer(at: place)) }
        }
        return wide
    }
}
