/// Pools a tensor over windows of whole elements.
///
/// Not generic: finding the types of its parts when it runs would take longer than pooling a few cells.
struct ForwardProgram: Program {
    /// The kernels of all windows, made while planning, or of one part after the other.
    enum Work: Sendable {
        case kernels([PlannedKernel])
        /// Indirect, so that a program of kernels is copied in a few steps.
        indirect case parts(WindowParts, @Sendable (WindowGeometry) -> [PlannedKernel])
    }

    let work: Work
    let outputShape: [Int]
    let elementType: ElementType
    let indexFields: IndexFields
    let cost: Cost

    var forward: ForwardProgram? { self }

    /// Those of all windows; none where they are made for one part after the other.
    var kernels: [PlannedKernel] { if case .kernels(let kernels) = work { kernels } else { [] } }

    var kernelName: String {
        switch work {
        case .kernels(let kernels): kernels.first?.name ?? "none"
        case .parts: "parts"
        }
    }

    func run(_ operands: Operands, _ workspace: Workspace) throws(PoolingError) -> PoolingResult {
        let pass = try pass(operands, workspace)
        switch work {
        case .kernels(let kernels):
            for kernel in kernels { try workspace.run(kernel.units) { kernel.run($0, pass) } }
        case .parts(let parts, let make) where parts.suffice(slices: workspace.slices):
            try workspace.run(WorkUnits(count: parts.count, group: 1)) { range in
                parts.forEach(in: range) { geometry in pass.run(make(geometry)) }
            }
        case .parts(let parts, let make):
            try parts.forEach { (geometry) throws(PoolingError) in
                for kernel in make(geometry) { try workspace.run(kernel.units) { kernel.run($0, pass) } }
            }
        }
        return try result(of: pass)
    }

    /// The tensors of a run, nothing of which is computed yet.
    func pass(_ operands: Operands, _ workspace: Workspace) throws(PoolingError) -> ForwardPass {
        let leavesOutputs = leavesOutputs
        let output = try Tensor(allocating: elementType, shape: outputShape, zeroed: leavesOutputs)
        if leavesOutputs { try fillEmpty(output) }
        let indices = indexFields.isWanted ? try Tensor(allocating: .int64, shape: outputShape) : nil
        if leavesOutputs { indices?.withMutableElements(as: Int64.self) { $0.update(repeating: -1) } }
        return ForwardPass(
            input: operands.main, output: output, indices: indices, cancellation: workspace.cancellation)
    }

    /// What a run has computed.
    func result(of pass: ForwardPass) throws(PoolingError) -> PoolingResult {
        let output = pass.output
        guard let indices = pass.indices else { return PoolingResult(tensors: [.init(.output, output)]) }
        try indexFields.kernelNumbers?.number(indices, pass.cancellation)
        return PoolingResult(
            tensors: [.init(.output, output), .init(.indices, try indexFields.type.narrowed(indices))],
            indexBase: indexFields.base.rawValue)
    }

    private func fillEmpty(_ output: Tensor) throws(PoolingError) {
        guard case .parts(let parts, _) = work, parts.emptyValue != FieldNumber(0) else { return }
        try elementType.dispatch(Filling(tensor: output, number: parts.emptyValue))
    }

    private var leavesOutputs: Bool { if case .parts(let parts, _) = work { parts.leavesOutputs } else { false } }
}

extension ForwardPass {
    /// All units of some kernels, one after the other.
    fileprivate func run(_ kernels: [PlannedKernel]) -> DataFault? {
        for kernel in kernels {
            if let fault = kernel.run(0..<kernel.units.count, self) { return fault }
        }
        return nil
    }
}

/// Writes one number into every element of a tensor of the visited type.
private struct Filling: StoredTypeVisitor {
    let tensor: Tensor
    let number: FieldNumber

    func visit<Stored: StoredElement>(_ type: Stored.Type) {
        guard let value = Stored(number) else { return }
        tensor.withMutableElements(as: Stored.self) { $0.update(repeating: value) }
    }
}
