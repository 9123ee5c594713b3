/// Checks a backward request.
struct BackwardPlanner: Sendable {
    let layer: Layer
    private let mask: MaskFields
    private let gradOutput: Tensor
    private let input: Tensor?
    private let inputShape: [Int]
    private let indices: Tensor?
    private let reader: FieldReader
    private let limits: PoolingPlan.Limits

    init(_ reader: inout FieldReader, _ limits: PoolingPlan.Limits) throws(PoolingRefusal) {
        layer = try Layer(&reader)
        mask = layer.canHaveMask ? try MaskFields(&reader) : .none
        guard let gradOutput = reader.take(.gradOutput) else {
            throw reader.refusal(
                .missingField, at: "grad_output", "'grad_output' is missing: the gradient with respect to the output")
        }
        self.gradOutput = gradOutput
        let takesIndices = layer.canHaveMask && layer.op.descriptor.hasIndices
        indices = takesIndices ? try reader.takeIntegerTensor(.indices)?.asInt64() : nil
        input = reader.take(.input)
        inputShape = try Self.inputShape(&reader, input, layer, hasIndices: indices != nil)
        try reader.finish("the gradient of \(layer.place)")
        self.reader = reader
        self.limits = limits
    }

    private static func inputShape(
        _ reader: inout FieldReader, _ input: Tensor?, _ layer: Layer, hasIndices: Bool
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
        let axes = try layer.pooledAxes(inputShape, reader)
        try mask.check(layer, axes, reader)
        let outputShape = try layer.outputShape(axes, reader)
        try reader.require(outputShape, of: gradOutput, .gradOutput, "the shape of the forward output")
        if let indices { try reader.require(outputShape, of: indices, .indices, "one index for each output") }
        return try program(axes, outputShape, elementType)
    }

    private func program(
        _ axes: PooledAxes, _ outputShape: [Int], _ elementType: ElementType
    ) throws(PoolingRefusal) -> any Program {
        var setting = WindowSetting(layer: layer, axes: axes, outputShape: outputShape, mask: mask, reader: reader)
        switch layer.windows {
        case .whole:
            setting.needsTaps = indices == nil || mask.base == .window || layer.op is MixedOp
            let (geometry, op) = try setting.geometry(elementType)
            let maker = Maker(
                geometry: geometry, op: op, elementType: elementType, hasInput: input != nil, indices: indices,
                reader: reader)
            guard let program = try elementType.dispatchReal(maker) else {
                throw layer.typeRefusal(elementType, reader)
            }
            return program
        case .sampled(let region):
            let maker = SampledMaker(
                geometry: try setting.sampledGeometry(region), reduction: try layer.sampleReduction(reader),
                elementType: elementType, needsValues: layer.gradientNeedsValues)
            guard let program = try elementType.dispatchReal(maker) else {
                throw layer.typeRefusal(elementType, reader)
            }
            return program
        }
    }

    private struct Maker: RealTypeVisitor {
        let geometry: WindowGeometry
        let op: any PoolingOp
        let elementType: ElementType
        let hasInput: Bool
        let indices: Tensor?
        let reader: FieldReader

        func visit<Stored: StoredElement>(
            _ type: Stored.Type
        ) throws(PoolingRefusal) -> any Program where Stored.Computed: RealElement {
            guard let reducer = Stored.Computed.reducer(of: op.reducers) else {
                throw PoolingRefusal(.unsupportedCombination, at: "dtype", "this op needs another dtype")
            }
            let gather = GatherKernel<Stored>(geometry, reducer)
            if indices == nil, let program = recomputing(gather) { return program }
            return MadeProgram(
                BackwardProgram(
                    kernel: try kernel(gather), geometry: geometry, elementType: elementType,
                    needsValues: indices == nil && op.descriptor.gradient != .inputShape, weights: weights(gather)))
        }

        /// The mask is computed again with a row kernel, where there is one, and its numbers sent back at once.
        private func recomputing<Stored: StoredElement>(
            _ gather: GatherKernel<Stored>
        ) -> (any Program)? where Stored.Computed: RealElement {
            guard hasInput, gather.reducer.select != nil,
                let kernel = ForwardKernels.rowKernel(geometry, op, hasIndices: true, Stored.self)
            else { return nil }
            let forward = ForwardProgram<Stored>(
                kernel: kernel, geometry: geometry, elementType: elementType, mask: .wanted)
            return MadeProgram(RecomputedMaskProgram(forward: forward))
        }

        private func kernel<Stored: StoredElement>(
            _ gather: GatherKernel<Stored>
        ) throws(PoolingRefusal) -> any BackwardKernel<Stored> where Stored.Computed: RealElement {
            if let indices { return try maskKernel(indices, selectedShare: gather.reducer.selectedShare, Stored.self) }
            return BackwardKernels.first(geometry, op, gather)
        }

        private func maskKernel<Stored: StoredElement>(
            _ indices: Tensor, selectedShare: Double, _ type: Stored.Type
        ) throws(PoolingRefusal) -> any BackwardKernel<Stored> where Stored.Computed: RealElement {
            if selectedShare == 1, let fast = PlaneScatterKernel<Stored>(geometry, indices: indices) {
                return MadeBackwardKernel(fast)
            }
            let kernel = MaskKernel<Stored>(geometry: geometry, selectedShare: selectedShare)
            try indices.withElements(as: Int64.self) { numbers throws(PoolingRefusal) in
                if let numbers = numbers.baseAddress { try kernel.check(numbers, reader) }
            }
            return MadeBackwardKernel(MaskGradientKernel(kernel: kernel, indices: indices))
        }

        private func weights<Stored: StoredElement>(_ kernel: GatherKernel<Stored>) -> WeightGradient<Stored>? {
            guard let weighted = op as? WeightedOp, hasInput else { return nil }
            return WeightGradient(kernel: kernel, op: weighted)
        }
    }

    private struct SampledMaker: RealTypeVisitor {
        let geometry: SampledGeometry
        let reduction: SampleReduction
        let elementType: ElementType
        let needsValues: Bool

        func visit<Stored: StoredElement>(
            _ type: Stored.Type
        ) -> any Program where Stored.Computed: RealElement {
            MadeProgram(
                SampledBackwardProgram<Stored>(
                    kernel: SampledKernel(geometry: geometry, reduction: reduction), elementType: elementType,
                    needsValues: needsValues))
        }
    }
}

extension Layer {
    /// Whether the gradient depends on the values of the input.
    var gradientNeedsValues: Bool { op.descriptor.gradient != .inputShape }
}

extension Tensor {
    /// The same integers as `int64`.
    func asInt64() -> Tensor {
        if elementType == .int64 { return self }
        let wide = Tensor(elementType: .int64, shape: shape)
        let values = integers
        wide.withMutableElements(as: Int64.self) { elements in
            for (place, value) in values.enumerated() { elements[place] = Int64(value) }
        }
        return wide
    }
}
