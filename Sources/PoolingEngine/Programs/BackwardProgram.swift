import RecycledMemory

/// The gradient with respect to the input of windows of whole elements.
struct BackwardProgram: Program {
    /// The kernels of a geometry.
    typealias Making = @Sendable (WindowGeometry, _ writes: Bool) -> [PlannedBackwardKernel]

    /// The kernels of all windows, made while planning, or of one part after the other.
    enum Work: Sendable {
        case kernels([PlannedBackwardKernel])
        case parts(WindowParts, Making)
    }

    let work: Work
    let inputShape: [Int]
    let elementType: ElementType
    /// The type in which gradients are added up.
    let sumType: SumType
    /// Whether the gradient depends on the values of the input.
    let needsValues: Bool
    /// How sums become results part by part; nil where they do not.
    let strips: GradientStrips?
    /// Those of the request, if any.
    let indices: IndexTensor?
    /// Those of numbers per cell, where the op has them and the input is known, and of the op's parameter, where it is
    /// wanted.
    let additions: [AddedGradient]
    let cost: Cost

    var kernelName: String {
        switch work {
        case .kernels(let kernels): kernels.first?.name ?? "none"
        case .parts: "parts"
        }
    }

    func run(_ operands: Operands, _ workspace: Workspace) throws(PoolingError) -> PoolingResult {
        try run(operands, indices: indices, workspace)
    }

    func run(
        _ operands: Operands, indices: IndexTensor?, _ workspace: Workspace
    ) throws(PoolingError) -> PoolingResult {
        var tensors: [PoolingResult.NamedTensor] = []
        if let gradient = try inStrips(operands, indices, workspace) {
            tensors.append(.init(.gradInput, gradient))
        } else {
            let sums = try sums(operands, indices, workspace)
            tensors.append(.init(.gradInput, try workspace.rounded(sums, to: elementType)))
        }
        if let input = operands.input {
            for addition in additions {
                tensors.append(try addition.tensor(input, operands.main, workspace.cancellation))
            }
        }
        return PoolingResult(tensors: tensors)
    }

    private func pass(
        _ operands: Operands, _ indices: IndexTensor?, sums: Tensor, _ workspace: Workspace
    ) -> BackwardPass {
        BackwardPass(
            input: needsValues ? operands.input : nil, gradOutput: operands.main, indices: indices, sums: sums,
            cancellation: workspace.cancellation)
    }

    /// The rounded gradient; nil where sums are wanted, or strips are not possible.
    private func inStrips(
        _ operands: Operands, _ indices: IndexTensor?, _ workspace: Workspace
    ) throws(PoolingError) -> Tensor? {
        guard sumType.elementType != elementType, !workspace.leavesSums, operands.main.count > 0 else { return nil }
        func result() throws(PoolingError) -> BackwardPass {
            let result = try Tensor(allocating: elementType, shape: inputShape)
            return pass(operands, indices, sums: result, workspace)
        }
        switch work {
        case .kernels(let kernels):
            guard let strips else { return nil }
            let pass = try result()
            try strips.run(kernels, pass, workspace)
            return pass.sums
        case .parts(let parts, let make):
            guard let count = parts.ownElements, !parts.sharesInput, parts.suffice(slices: workspace.slices),
                !isAnywhere(indices, parts)
            else { return nil }
            let pass = try result()
            try workspace.run(WorkUnits(count: parts.count, group: 1)) { range in
                guard let sums = try? Tensor(allocating: sumType.elementType, shape: [count]) else {
                    return .outOfMemory
                }
                return parts.forEach(in: range) { geometry in
                    pass.run(make(geometry, true), rounding: sums, count, from: geometry.inputBase)
                }
            }
            return pass.sums
        }
    }

    /// Whether an index may name an element of another part.
    private func isAnywhere(_ indices: IndexTensor?, _ parts: WindowParts) -> Bool {
        indices != nil && parts.indexing.base != .plane && parts.indexing.base != .window
    }

    private func sums(
        _ operands: Operands, _ indices: IndexTensor?, _ workspace: Workspace
    ) throws(PoolingError) -> Tensor {
        // Parts of the input are cleared while they are at hand.
        let writes =
            switch work {
            case .kernels(let kernels): !kernels.contains(where: \.addsOnly)
            case .parts(let parts, _): !parts.sharesInput && parts.ownElements != nil
            }
        // Kernels that write every element write nothing where there are no windows.
        let hasOutputs = !operands.main.shape.contains(0)
        let sums = try Tensor(allocating: sumType.elementType, shape: inputShape, zeroed: !writes || !hasOutputs)
        let pass = pass(operands, indices, sums: sums, workspace)
        switch work {
        case .kernels(let kernels): for kernel in kernels { try run(kernel, pass, workspace) }
        case .parts(let parts, let make):
            try run(parts, pass, workspace) { geometry in
                let kernels = make(geometry, !parts.sharesInput)
                if writes, let count = parts.ownElements, kernels.contains(where: \.addsOnly) {
                    sums.clear(count, from: geometry.inputBase)
                }
                return kernels
            }
        }
        return sums
    }

    private func run(
        _ kernel: PlannedBackwardKernel, _ pass: BackwardPass, _ workspace: Workspace
    ) throws(PoolingError) {
        try workspace.run(kernel.units) { pass.run([kernel], $0) }
    }

    private func run(
        _ parts: WindowParts, _ pass: BackwardPass, _ workspace: Workspace,
        _ make: @Sendable (WindowGeometry) -> [PlannedBackwardKernel]
    ) throws(PoolingError) {
        let isAnywhere = isAnywhere(pass.indices, parts)
        if parts.sharesInput {
            // Parts may add to the same elements, those of different samples or planes do not.
            if let samples = parts.samples, samples.count >= workspace.threads {
                try workspace.run(WorkUnits(count: samples.count, group: 1), inOne: isAnywhere) { range in
                    parts.forEach(in: 0..<parts.count, where: { range.contains(samples.sample($0)) }) {
                        pass.run(make($0))
                    }
                }
                return
            }
            let planes = WorkUnits(count: parts.planeCount, group: 1, row: parts.planeCount)
            try workspace.run(planes, inOne: isAnywhere) { planes in
                parts.forEach(in: 0..<parts.count) { pass.run(make($0), planes) }
            }
        } else if parts.suffice(slices: workspace.slices) {
            try workspace.run(WorkUnits(count: parts.count, group: 1), inOne: isAnywhere) { range in
                parts.forEach(in: range) { pass.run(make($0)) }
            }
        } else {
            try parts.forEach { (geometry) throws(PoolingError) in
                for kernel in make(geometry) { try run(kernel, pass, workspace) }
            }
        }
    }
}

extension Tensor {
    /// Writes zeros, for whoever made this tensor and has not shared it yet.
    func clear(_ count: Int, from first: Int) {
        storage.withUnsafeMutableBytes { bytes in
            let elements = bytes[first * elementType.size..<(first + count) * elementType.size]
            UnsafeMutableRawBufferPointer(rebasing: elements).initializeMemory(as: UInt8.self, repeating: 0)
        }
    }
}

extension BackwardPass {
    /// Some kernels, one after the other.
    ///
    /// - Parameter planes: nil for all of each kernel.
    func run(_ kernels: [PlannedBackwardKernel], _ planes: Range<Int>? = nil) -> DataFault? {
        for kernel in kernels {
            guard let fault = kernel.run(planes ?? 0..<kernel.units.count, self) else { continue }
            return indices?.kernelNumbers.map(fault.renumbered) ?? fault
        }
        return nil
    }
}

/// The gradient of an op with indices, from the input: the indices first, then the gradient from them.
struct RecomputedIndicesProgram: Program {
    let forward: ForwardProgram
    let backward: BackwardProgram

    var cost: Cost { backward.cost }
    var kernelName: String { forward.kernelName + "+indices" }

    func run(_ operands: Operands, _ workspace: Workspace) throws(PoolingError) -> PoolingResult {
        guard let input = operands.input else { return PoolingResult(tensors: []) }
        let indices = try forward.run(Operands(main: input), workspace).tensor(.indices)
        return try backward.run(operands, indices: indices.map { IndexTensor($0) }, workspace)
    }
}
