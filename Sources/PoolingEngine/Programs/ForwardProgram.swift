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
    let mask: IndexFields
    let cost: Cost
    let tableSize: Int

    var kernelName: String {
        switch work {
        case .kernels(let kernels): kernels.first?.name ?? "none"
        case .parts: "parts"
        }
    }

    func run(_ operands: Operands, _ execution: Execution) throws(PoolingError) -> PoolingResult {
        let leavesOutputs = leavesOutputs
        let output = try Tensor(allocating: elementType, shape: outputShape, zeroed: leavesOutputs)
        if leavesOutputs { try fillEmpty(output) }
        let indices = mask.isWanted ? try Tensor(allocating: .int64, shape: outputShape) : nil
        if leavesOutputs { indices?.withMutableElements(as: Int64.self) { $0.update(repeating: -1) } }
        let pass = ForwardPass(
            input: operands.main, output: output, indices: indices, cancellation: execution.cancellation)
        switch work {
        case .kernels(let kernels):
            for kernel in kernels { try execution.run(kernel.units) { kernel.run($0, pass) } }
        case .parts(let parts, let make) where parts.suffice(for: execution):
            try execution.run(WorkUnits(count: parts.count, group: 1)) { range in
                parts.forEach(in: range) { geometry in pass.run(make(geometry)) }
            }
        case .parts(let parts, let make):
            try parts.forEach { (geometry) throws(PoolingError) in
                for kernel in make(geometry) { try execution.run(kernel.units) { kernel.run($0, pass) } }
            }
        }
        guard let indices else { return PoolingResult(tensors: [.init(.output, output)]) }
        return PoolingResult(
            tensors: [.init(.output, output), .init(.indices, try mask.type.narrowed(indices))],
            indexBase: mask.base.rawValue)
    }

    private func fillEmpty(_ output: Tensor) throws(PoolingError) {
        guard case .parts(let parts, _) = work, parts.emptyValue != FieldNumber(0) else { return }
        try elementType.dispatch(Filling(tensor: output, number: parts.emptyValue))
    }

    private var leavesOutputs: Bool { if case .parts(let parts, _) = work { parts.leavesOutputs } else { false } }
}

/// The tensors of one run of a program.
struct ForwardPass: Sendable {
    let input: Tensor
    let output: Tensor
    let indices: Tensor?
    let cancellation: Cancellation?

    /// All units of some kernels, one after the other.
    fileprivate func run(_ kernels: [PlannedKernel]) -> DataFault? {
        for kernel in kernels {
            if let fault = kernel.run(0..<kernel.units.count, self) { return fault }
        }
        return nil
    }
}

/// A kernel whose types are known where it is planned, as in ``MadeKernel``.
struct PlannedKernel: Sendable {
    let name: String
    let units: WorkUnits
    /// Pools some units.
    let run: @Sendable (Range<Int>, ForwardPass) -> DataFault?

    @inline(__always)
    init<Stored: StoredElement>(_ kernel: any ForwardKernel<Stored>) {
        name = kernel.name
        units = kernel.units
        run = { units, pass in
            pass.input.withElements(as: Stored.self) { source in
                pass.output.withMutableElements(as: Stored.self) { destination in
                    guard let source = source.baseAddress, let destination = destination.baseAddress else { return nil }
                    guard let indices = pass.indices else {
                        return kernel.forward(
                            units, input: source, output: destination, indices: nil, pass.cancellation)
                    }
                    return indices.withMutableElements(as: Int64.self) {
                        kernel.forward(
                            units, input: source, output: destination, indices: $0.baseAddress, pass.cancellation)
                    }
                }
            }
        }
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
