/// Plans several ops over the same windows, each as a request with this op alone.
struct OpsPlanner: Sendable {
    private let list: OpList
    private let limits: PoolingPlan.Limits

    private var reader: FieldReader { list.reader }
    private var entries: [OpEntry] { list.entries }
    var isCombined: Bool { list.isCombined }

    init(
        _ reader: inout FieldReader, nested: [TensorPath: Tensor], takesGradients: Bool = false,
        _ limits: PoolingPlan.Limits
    ) throws(PoolingError) {
        list = try OpList(&reader, nested: nested, takesGradients: takesGradients)
        self.limits = limits
    }

    // MARK: Forward

    func forward() throws(PoolingError) -> OpsProgram {
        var (programs, planners): ([any Program], [ForwardPlanner]) = ([], [])
        var total = CostTotal(limits)
        var reader = reader
        try reader.shareBooleans()
        for entry in entries {
            var reader = try reader.entering(entry)
            try reader.checkpoint()
            try total.addPlanning(cells: reader.kernelCellCount)
            let planner = try ForwardPlanner(&reader, total.limits)
            if isCombined { try checkCombination(planner, planners.first, reader) }
            let program = try planner.program()
            try total.add(program.cost, keepsResult: true)
            programs.append(program)
            planners.append(planner)
        }
        guard let first = planners.first else { throw PoolingError(.missingField, at: OpList.field, "no op") }
        let joint = isCombined ? Joint(first.output, count: planners.count, axis: first.channelAxis ?? 0) : nil
        if joint != nil { total.addScratch(programs.map(\.cost.resultByteCount).max() ?? 0) }
        return OpsProgram(
            names: planners.map(\.layer.opName), programs: programs, joint: joint,
            output: joint?.whole ?? first.output, region: first.layer.regionName, cost: total.cost)
    }

    private func checkCombination(
        _ planner: ForwardPlanner, _ first: ForwardPlanner?, _ reader: FieldReader
    ) throws(PoolingError) {
        guard !planner.returnsIndices else {
            throw reader.rejection(
                .unsupportedCombination, at: "return_indices",
                "'return_indices' and 'combine' exclude each other; leave out one of them")
        }
        guard planner.channelAxis != nil else {
            throw OpList.noChannelAxis(self.reader)
        }
        if let first, first.output != planner.output {
            throw self.reader.rejection(
                .unsupportedCombination, at: "combine",
                "outputs of shapes \(first.outputShape) and \(planner.outputShape) cannot be joined")
        }
    }

    // MARK: Backward

    /// - Parameter nested: the gradients of the entries.
    func backward(_ nested: [TensorPath: Tensor]) throws(PoolingError) -> OpsGradientProgram {
        var reader = reader
        try reader.shareBooleans()
        let incoming =
            isCombined ? try combinedGradient(&reader) : try Gradients(&reader, nested, count: entries.count)
        var programs: [(any Program)?] = []
        var (total, region, inputShape, scratch) = (CostTotal(limits), "", [Int](), 0)
        for (position, entry) in entries.enumerated() {
            var reader = try reader.entering(entry)
            try reader.checkpoint()
            guard let kind = incoming.kinds[position] else {
                try BackwardPlanner.check(&reader)
                programs.append(nil)
                continue
            }
            try total.addPlanning(cells: reader.kernelCellCount)
            reader.stand(kind, inFor: .gradOutput)
            let planner = try BackwardPlanner(&reader, total.limits, pointer: incoming.pointers[position])
            if isCombined, planner.hasIndices {
                throw reader.rejection(
                    .unsupportedCombination, at: "indices",
                    "'indices' and 'combine' exclude each other; leave out one of them")
            }
            let program = try planner.program()
            try total.add(program.cost, keepsResult: false)
            (region, inputShape) = (planner.layer.regionName, planner.inputShape)
            scratch = max(scratch, program.cost.resultByteCount)
            programs.append(program)
        }
        let type = incoming.elementType
        let count = inputShape.checkedProduct ?? .max
        try total.addResult(count.multipliedSaturating(by: type.size))
        // The sums of all in double precision, with the sums of one.
        total.addScratch(scratch.addingSaturating(count.multipliedSaturating(by: 16)))
        if let joint = incoming.joint { total.addScratch(joint.part.byteCount) }
        return OpsGradientProgram(
            programs: programs, gradients: incoming.tensors, joint: incoming.joint, inputShape: inputShape,
            elementType: type, region: region, cost: total.cost)
    }

    private func combinedGradient(_ reader: inout FieldReader) throws(PoolingError) -> Gradients {
        guard let whole = reader.takeKind(.gradOutput) else {
            throw reader.rejection(
                .missingField, at: "grad_output", "'grad_output' is missing: the gradient of the combined output")
        }
        let axis = try channelAxis(of: whole, reader)
        guard let axis, whole.shape[axis] % entries.count == 0 else {
            throw reader.rejection(
                .shapeMismatch, at: "grad_output",
                "'grad_output' has shape \(whole.shape); it must have the shape of the combined output of "
                    + "\(entries.count) ops")
        }
        var shape = whole.shape
        shape[axis] /= entries.count
        let kind = TensorKind(elementType: whole.elementType, shape: shape)
        let joint = Joint(kind, count: entries.count, axis: axis)
        return Gradients(
            kinds: entries.map { _ in kind }, tensors: nil, joint: joint, elementType: whole.elementType,
            pointers: entries.map { _ in reader.pointer("grad_output") })
    }

    /// The axis of the combined output that has channels, by the first op's forward pass.
    private func channelAxis(of whole: TensorKind, _ reader: FieldReader) throws(PoolingError) -> Int? {
        guard let entry = entries.first else { return nil }
        var inner = try reader.entering(entry)
        let layer = try Layer(&inner)
        let given = try inner.takeIntegers("input_shape", in: 0...FieldNames.largestExtent)
        guard let shape = inner.takeKind(.input)?.shape ?? given else {
            throw reader.rejection(
                .missingField, at: "input", "the gradient of \(layer.description) needs 'input' or 'input_shape'")
        }
        try WorkLimits.checkCount(shape, at: reader.inputPointer)
        let axes = try layer.region.pooledAxes(layer.axisChoice, shape: shape, reader: inner)
        guard let axis = layer.region.channelAxis(of: axes, outputRank: whole.shape.count) else {
            throw OpList.noChannelAxis(reader)
        }
        return whole.shape.indices.contains(axis) ? axis : nil
    }
}

/// The gradients that come in, one for each op.
struct Gradients: Sendable {
    /// nil where an op has none.
    let kinds: [TensorKind?]
    /// nil where all are parts of one tensor.
    let tensors: [Tensor?]?
    let joint: Joint?
    let elementType: ElementType
    /// Where each is, for messages.
    let pointers: [String]
}

extension Gradients {
    fileprivate init(
        _ reader: inout FieldReader, _ nested: [TensorPath: Tensor], count: Int
    ) throws(PoolingError) {
        let list = "grad_outputs"
        if let value = reader.take(list) {
            guard case .list(let values) = value else {
                throw reader.mismatch(value, at: list, expected: "a list of tensors")
            }
            guard values.count == count else {
                throw reader.rejection(
                    .wrongLength, at: list,
                    "'grad_outputs' has \(values.count) entries; it must have \(count), one for each of 'ops'")
            }
            if let index = values.firstIndex(where: { $0 != .null }) {
                throw reader.mismatch(values[index], at: "\(list)/\(index)", expected: "a tensor or null")
            }
        }
        let tensors = (0..<count).map { nested[TensorPath(.gradOutput, [$0])] }
        let pointers = (0..<count).map { reader.pointer("\(list)/\($0)") }
        guard let first = tensors.compactMap(\.self).first else {
            throw reader.rejection(
                .missingField, at: list, "'grad_outputs' is missing: a list with the gradient of each output")
        }
        for (tensor, pointer) in zip(tensors, pointers) {
            guard let tensor, tensor.elementType != first.elementType else { continue }
            throw PoolingError(
                .wrongType, at: pointer,
                "the gradients are \(first.elementType.rawValue) and \(tensor.elementType.rawValue); they must agree")
        }
        self.init(
            kinds: tensors.map { $0?.kind }, tensors: tensors, joint: nil, elementType: first.elementType,
            pointers: pointers)
    }
}
