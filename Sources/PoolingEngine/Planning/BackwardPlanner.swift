/// Checks a backward request.
struct BackwardPlanner: Sendable {
    let layer: Layer
    private let indexFields: IndexFields
    private let gradOutput: TensorKind
    private let input: TensorKind?
    let inputShape: [Int]
    private let indices: Tensor?
    private let wantsParameters: Bool
    private let reader: FieldReader
    private let limits: PoolingPlan.Limits
    /// Where the gradient that comes in is, for messages.
    private let pointer: String

    /// - Parameter pointer: where the gradient that comes in is, if not in `grad_output`.
    init(
        _ reader: inout FieldReader, _ limits: PoolingPlan.Limits, pointer: String? = nil
    ) throws(PoolingError) {
        self.pointer = pointer ?? reader.pointer("grad_output")
        layer = try Layer(&reader)
        indexFields = layer.canHaveIndices ? try IndexFields(&reader) : .none
        gradOutput = try reader.requireKind(.gradOutput, "the gradient with respect to the output")
        indices = try Self.takeIndices(&reader, layer)
        input = reader.takeKind(.input)
        wantsParameters = try Self.takeWantsParameters(&reader, layer)
        inputShape = try Self.inputShape(
            &reader, input, layer, hasIndices: indices != nil, wantsParameters: wantsParameters)
        try reader.finish("the gradient of \(layer.description)")
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
        try reader.finish("the gradient of \(layer.description)")
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
                    ? "the gradient of \(layer.description) needs 'input'"
                        + (layer.canHaveIndices ? ", or 'indices' and 'input_shape'" : "")
                    : "the gradient of \(layer.description) needs 'input' or 'input_shape'")
        }
        return shape
    }

    var hasIndices: Bool { indices != nil }

    func program() throws(PoolingError) -> any Program {
        let elementType = gradOutput.elementType
        try reader.checkGradient(gradOutput, input)
        try WorkLimits.checkResult(
            inputShape, bytesPerElement: elementType.size, limit: limits.resultByteCount)
        let axes = try layer.region.pooledAxes(layer.axisChoice, shape: inputShape, reader: reader)
        let indexFields = try indexFields.fitted(to: layer, axes, reader)
        let outputShape = try layer.region.outputShape(axes, reader: reader)
        try WorkLimits.checkCount(outputShape, at: "")
        guard gradOutput.shape == outputShape else {
            throw PoolingError(
                .shapeMismatch, at: pointer,
                "'\(pointer.indexed)' has shape \(gradOutput.shape); it must have \(outputShape), the shape of the "
                    + "forward output")
        }
        if let indices { try reader.require(outputShape, of: indices, .indices, "one index for each output") }
        return try program(axes, outputShape, indexFields, elementType)
    }

    private func program(
        _ axes: PooledAxes, _ outputShape: [Int], _ indexFields: IndexFields, _ elementType: ElementType
    ) throws(PoolingError) -> any Program {
        var setting = WindowSetting(
            layer: layer, axes: axes, outputShape: outputShape, indexFields: indexFields, reader: reader)
        setting.needsTaps =
            indices == nil || wantsParameters || indexFields.base == .window || layer.op.spreadsBeyondIndices
        let (windows, op) = try setting.windows(elementType)
        let planByteCount = PlanSize(op: op, isGradient: true).byteCount(of: windows)
        try limits.checkPlan(planByteCount)
        let maker = Maker(
            windows: windows, op: op, elementType: elementType, inputShape: inputShape, hasInput: input != nil,
            indices: indices.map { IndexTensor($0, indexFields.kernelNumbers) }, readsWindows: setting.needsTaps,
            wantsParameters: wantsParameters, planByteCount: planByteCount, limits: limits)
        guard let program = try elementType.dispatchReal(maker) else { throw layer.typeRejection(elementType, reader) }
        return program
    }
}

extension Layer {
    /// Whether the gradient depends on the values of the input.
    var gradientNeedsValues: Bool { op.descriptor.gradient != .inputShape }
}
