/// Pools a tensor over windows of whole elements.
struct ForwardProgram<Stored: StoredElement>: Program {
    /// The kernels of all windows, made while planning, or of one part after the other.
    enum Work: Sendable {
        case kernels([any ForwardKernel<Stored>])
        case parts(WindowParts, @Sendable (WindowGeometry) -> [any ForwardKernel<Stored>])
    }

    let work: Work
    let outputShape: [Int]
    let elementType: ElementType
    let mask: MaskFields
    let cost: Cost
    let tableSize: Int

    var kernelName: String {
        switch work {
        case .kernels(let kernels): kernels.first?.name ?? "none"
        case .parts: "parts"
        }
    }

    func run(_ operands: Operands, _ execution: Execution) throws(PoolingRefusal) -> PoolingResult {
        let output = try Tensor(allocating: elementType, shape: outputShape, zeroed: leavesOutputs)
        if leavesOutputs { fillEmpty(output) }
        let indices = mask.isWanted ? try Tensor(allocating: .int64, shape: outputShape) : nil
        if leavesOutputs { indices?.withMutableElements(as: Int64.self) { $0.update(repeating: -1) } }
        let pass = ForwardPass(
            input: operands.main, output: output, indices: indices, cancellation: execution.cancellation)
        switch work {
        case .kernels(let kernels):
            for kernel in kernels { try execution.run(kernel.units) { pass.run(kernel, $0) } }
        case .parts(let parts, let make) where parts.suffice(for: execution):
            try execution.run(WorkUnits(count: parts.count, group: 1)) { range in
                parts.forEach(in: range) { geometry in pass.run(make(geometry)) }
            }
        case .parts(let parts, let make):
            try parts.forEach { (geometry) throws(PoolingRefusal) in
                for kernel in make(geometry) { try execution.run(kernel.units) { pass.run(kernel, $0) } }
            }
        }
        guard let indices else { return PoolingResult(tensors: [.init(.output, output)]) }
        return PoolingResult(
            tensors: [.init(.output, output), .init(.indices, try mask.type.narrowed(indices))],
            indexBase: mask.base.rawValue)
    }

    private func fillEmpty(_ output: Tensor) {
        guard case .parts(let parts, _) = work, parts.emptyValue != FieldNumber(0),
            let value = Stored(parts.emptyValue)
        else { return }
        output.withMutableElements(as: Stored.self) { $0.update(repeating: value) }
    }

    private var leavesOutputs: Bool { if case .parts(let parts, _) = work { parts.leavesOutputs } else { false } }
}

/// The tensors of one run of a program.
///
/// Not a part of the program, whose types are only known when it runs: finding the type of the part would take longer
/// than pooling a few cells.
private struct ForwardPass: Sendable {
    let input: Tensor
    let output: Tensor
    let indices: Tensor?
    let cancellation: Cancellation?

    /// All units of some kernels, one after the other.
    func run<Stored: StoredElement>(_ kernels: [any ForwardKernel<Stored>]) -> DataFault? {
        for kernel in kernels {
            if let fault = run(kernel, 0..<kernel.units.count) { return fault }
        }
        return nil
    }

    func run<Stored: StoredElement>(_ kernel: some ForwardKernel<Stored>, _ units: Range<Int>) -> DataFault? {
        input.withElements(as: Stored.self) { source in
            output.withMutableElements(as: Stored.self) { destination in
                guard let source = source.baseAddress, let destination = destination.baseAddress else { return nil }
                guard let indices else {
                    return kernel.forward(units, input: source, output: destination, indices: nil, cancellation)
                }
                return indices.withMutableElements(as: Int64.self) {
                    kernel.forward(
                        units, input: source, output: destination, indices: $0.baseAddress, cancellation)
                }
            }
        }
    }
}
