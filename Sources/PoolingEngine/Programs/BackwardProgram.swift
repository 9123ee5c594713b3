/// The gradient with respect to the input of windows of whole elements.
struct BackwardProgram<Stored: StoredElement, Sum: RealElement>: Program where Stored.Computed: RealElement {
    typealias Kernel = any BackwardKernel<Stored, Sum>
    /// The kernels of a geometry, each with the number of its planes.
    typealias Making = @Sendable (WindowGeometry, _ indices: Tensor?, _ writes: Bool) -> [(kernel: Kernel, planes: Int)]

    /// The kernels of all windows, made while planning or, where they read indices, when the indices are at hand; or of one
    /// part after the other.
    enum Work: Sendable {
        case kernels([Kernel], planes: Int)
        case whole([WindowGeometry], Making)
        case parts(WindowParts, Making)
    }

    let work: Work
    let inputShape: [Int]
    let elementType: ElementType
    /// Whether the gradient depends on the values of the input.
    let needsValues: Bool
    let indices: Tensor?
    /// Those of numbers per cell, where the op has them and the input is known, and of the op's parameter, where it is
    /// wanted.
    let additions: [AddedGradient<Stored>]
    let cost: Cost
    let tableSize: Int

    var kernelName: String {
        switch work {
        case .kernels(let kernels, _): kernels.first?.name ?? "none"
        case .whole: "indices"
        case .parts: "parts"
        }
    }

    func run(_ operands: Operands, _ execution: Execution) throws(PoolingError) -> PoolingResult {
        let numbers = try indices?.asInt64()
        let kernels = made(numbers)
        let writes = kernels.map { !$0.kernels.contains(where: \.addsOnly) } ?? false
        // Kernels that write every element write nothing where there are no windows.
        let hasOutputs = !operands.main.shape.contains(0)
        let gradients = try GradientBuffer<Stored, Sum>(
            shape: inputShape, elementType: elementType, zeroed: !writes || !hasOutputs)
        let pass = Pass(
            input: needsValues ? operands.input : nil, gradOutput: operands.main, sums: gradients.sums,
            cancellation: execution.cancellation)
        if let (kernels, planes) = kernels {
            for kernel in kernels { try run(kernel, planes: planes, pass, execution) }
        } else if case .parts(let parts, let make) = work {
            try run(parts, pass, execution) { make($0, numbers, !parts.sharesInput) }
        }
        var tensors = [PoolingResult.NamedTensor(.gradInput, try gradients.result(execution))]
        if let input = operands.input {
            for addition in additions {
                tensors.append(try addition.tensor(input, operands.main, execution.cancellation))
            }
        }
        return PoolingResult(tensors: tensors)
    }

    /// The kernels of all windows; nil where they come in parts.
    private func made(_ indices: Tensor?) -> (kernels: [Kernel], planes: Int)? {
        switch work {
        case .kernels(let kernels, let planes): (kernels, planes)
        case .whole(let geometries, let make):
            (
                geometries.flatMap { make($0, indices, geometries.count == 1).map(\.kernel) },
                geometries.first?.planeCount ?? 0
            )
        case .parts: nil
        }
    }

    private func run(
        _ kernel: Kernel, planes: Int, _ pass: Pass, _ execution: Execution
    ) throws(PoolingError) {
        let units = WorkUnits(count: planes, group: kernel.planeGroup ?? 1)
        try execution.run(units, inOne: kernel.planeGroup == nil) { pass.run(kernel, $0) }
    }

    private func run(
        _ parts: WindowParts, _ pass: Pass, _ execution: Execution,
        _ make: @Sendable (WindowGeometry) -> [(kernel: Kernel, planes: Int)]
    ) throws(PoolingError) {
        let isAnywhere = indices != nil && parts.indexing.base != .plane && parts.indexing.base != .window
        if parts.sharesInput {
            // Parts may add to the same elements, planes do not.
            try execution.run(WorkUnits(count: parts.planeCount, group: 1), inOne: isAnywhere) { planes in
                parts.forEach(in: 0..<parts.count) { pass.run(make($0).map { ($0.kernel, planes) }) }
            }
        } else if parts.suffice(for: execution) {
            try execution.run(WorkUnits(count: parts.count, group: 1), inOne: isAnywhere) { range in
                parts.forEach(in: range) { pass.run(make($0).map { ($0.kernel, 0..<$0.planes) }) }
            }
        } else {
            try parts.forEach { (geometry) throws(PoolingError) in
                for (kernel, planes) in make(geometry) { try run(kernel, planes: planes, pass, execution) }
            }
        }
    }

    /// The tensors of one run.
    private struct Pass: Sendable {
        let input: Tensor?
        let gradOutput: Tensor
        let sums: Tensor
        let cancellation: Cancellation?

        func run(_ kernels: [(kernel: Kernel, planes: Range<Int>)]) -> DataFault? {
            for (kernel, planes) in kernels {
                if let fault = run(kernel, planes) { return fault }
            }
            return nil
        }

        func run(_ kernel: Kernel, _ planes: Range<Int>) -> DataFault? {
            sums.withMutableElements(as: Sum.self) { sums in
                gradOutput.withElements(as: Stored.self) { incoming in
                    guard let sums = sums.baseAddress, let incoming = incoming.baseAddress else { return nil }
                    guard let input else {
                        return kernel.backward(planes, input: nil, gradOutput: incoming, gradInput: sums, cancellation)
                    }
                    return input.withElements(as: Stored.self) {
                        kernel.backward(
                            planes, input: $0.baseAddress, gradOutput: incoming, gradInput: sums, cancellation)
                    }
                }
            }
        }
    }
}

/// The gradient of an op with indices, from the input: the indices first, then the gradient from them.
struct RecomputedIndicesProgram<Stored: StoredElement, Sum: RealElement>: Program where Stored.Computed: RealElement {
    let forward: ForwardProgram
    let geometries: [WindowGeometry]
    let inputShape: [Int]
    let cost: Cost

    var kernelName: String { forward.kernelName + "+indices" }
    var tableSize: Int { forward.tableSize }

    func run(_ operands: Operands, _ execution: Execution) throws(PoolingError) -> PoolingResult {
        guard let input = operands.input else { return PoolingResult(tensors: []) }
        let pooled = try forward.run(Operands(main: input), execution)
        guard let indices = pooled.tensors.first(where: { $0.name == .indices })?.tensor else { return pooled }
        let backward = BackwardProgram<Stored, Sum>(
            work: .whole(geometries) { geometry, _, writes in
                let kernel: any BackwardKernel<Stored, Sum> = BackwardKernels.first(
                    geometry, indices: indices, selectedShare: 1, writes: writes)
                return [(kernel, geometry.planeCount)]
            }, inputShape: inputShape, elementType: forward.elementType, needsValues: false, indices: nil,
            additions: [], cost: cost, tableSize: 0)
        return try backward.run(operands, execution)
    }
}

/// Sums of gradients: in the type that ops compute in, or in `Double` where many shares add up to one gradient.
struct GradientBuffer<Stored: StoredElement, Sum: RealElement>: Sendable where Stored.Computed: RealElement {
    let sums: Tensor
    private let elementType: ElementType

    /// - Parameter zeroed: whether the sums start at 0; undefined otherwise.
    init(shape: [Int], elementType: ElementType, zeroed: Bool = true) throws(PoolingError) {
        self.elementType = elementType
        sums = try Tensor(allocating: Self.sumType, shape: shape, zeroed: zeroed)
    }

    private static var sumType: ElementType { Sum.self == Double.self ? .float64 : .float32 }

    /// Bytes beside the result that sums of another type take.
    static func byteCount(_ count: Int, _ elementType: ElementType) -> Int {
        sumType == elementType ? 0 : count.multipliedSaturating(by: sumType.size)
    }

    /// The sums in the type of the result, each rounded once, unless they are to be added up.
    func result(_ execution: Execution) throws(PoolingError) -> Tensor {
        if sums.elementType == elementType || execution.leavesSums { return sums }
        return try sums.rounded(to: elementType)
    }
}
