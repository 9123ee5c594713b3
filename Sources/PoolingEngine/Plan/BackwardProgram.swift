/// The gradient with respect to the input of windows of whole elements.
struct BackwardProgram<Stored: StoredElement>: Program where Stored.Computed: RealElement {
    let kernel: any BackwardKernel<Stored>
    let geometry: WindowGeometry
    let elementType: ElementType
    /// Whether the gradient depends on the values of the input.
    let needsValues: Bool
    /// The derivative with respect to weights, where the op has them and the input is known.
    let weights: WeightGradient<Stored>?

    var kernelName: String { kernel.name }
    var cost: Int { 2 * geometry.totalTaps }
    var resultByteCount: Int { geometry.inputCount * elementType.size }
    var tableSize: Int { geometry.tableSize }

    func run(
        _ operands: Operands, slices: Int, on runner: PoolingPlan.SliceRunner
    ) throws(PoolingRefusal) -> PoolingResult {
        let gradients = GradientBuffer<Stored>(
            shape: geometry.inputShape, elementType: elementType,
            // Kernels that write every element write nothing where there are no windows.
            zeroed: kernel.addsOnly || geometry.outputCount == 0)
        let count = kernel.planeGroup == nil ? 1 : slices
        let units = WorkUnits(count: geometry.planeCount, group: kernel.planeGroup ?? 1)
        try runSlices(count, units, on: runner) { planes in
            backward(planes, operands, gradients.sums)
        }
        var tensors = [PoolingResult.NamedTensor(.gradInput, gradients.rounded())]
        if let weights, let input = operands.input {
            tensors.append(.init(.gradWeights, weights.tensor(input, operands.main)))
        }
        return PoolingResult(tensors: tensors)
    }

    private func backward(_ planes: Range<Int>, _ operands: Operands, _ sums: Tensor) -> DataFault? {
        sums.withMutableElements(as: Stored.Computed.self) { sums in
            operands.main.withElements(as: Stored.self) { incoming in
                guard let sums = sums.baseAddress, let incoming = incoming.baseAddress else { return nil }
                guard needsValues, let input = operands.input else {
                    return kernel.backward(planes, input: nil, gradOutput: incoming, gradInput: sums)
                }
                return input.withElements(as: Stored.self) {
                    kernel.backward(planes, input: $0.baseAddress, gradOutput: incoming, gradInput: sums)
                }
            }
        }
    }
}

/// The gradient of an op with a mask, from the input: the mask first, then the gradient from it.
struct RecomputedMaskProgram<Stored: StoredElement>: Program where Stored.Computed: RealElement {
    let forward: ForwardProgram<Stored>

    var kernelName: String { forward.kernelName + "+mask" }
    var cost: Int { 2 * forward.cost }
    var resultByteCount: Int { forward.geometry.inputCount * forward.elementType.size }
    var tableSize: Int { forward.tableSize }

    func run(
        _ operands: Operands, slices: Int, on runner: PoolingPlan.SliceRunner
    ) throws(PoolingRefusal) -> PoolingResult {
        guard let input = operands.input else { return PoolingResult(tensors: []) }
        let pooled = try forward.run(Operands(main: input), slices: slices, on: runner)
        guard let indices = pooled.tensors.first(where: { $0.name == .indices })?.tensor else { return pooled }
        let backward = BackwardProgram(
            kernel: kernel(indices), geometry: forward.geometry, elementType: forward.elementType,
            needsValues: false, weights: nil)
        return try backward.run(operands, slices: slices, on: runner)
    }

    private func kernel(_ indices: Tensor) -> any BackwardKernel<Stored> {
        if let kernel = PlaneScatterKernel<Stored>(forward.geometry, indices: indices) {
            return MadeBackwardKernel(kernel)
        }
        return MadeBackwardKernel(
            MaskGradientKernel(kernel: MaskKernel(geometry: forward.geometry, selectedShare: 1), indices: indices))
    }
}

/// Sums of gradients, in the type that ops compute in.
struct GradientBuffer<Stored: StoredElement>: Sendable where Stored.Computed: RealElement {
    let sums: Tensor
    private let elementType: ElementType

    init(shape: [Int], elementType: ElementType, zeroed: Bool = true) {
        self.elementType = elementType
        let computed: ElementType = Stored.Computed.self == Double.self ? .float64 : .float32
        sums = Tensor(elementType: computed, shape: shape, zeroed: zeroed)
    }

    /// The sums in the type of the answer, each rounded once.
    func rounded() -> Tensor {
        if sums.elementType == elementType { return sums }
        let result = Tensor(elementType: elementType, shape: sums.shape)
        sums.withElements(as: Stored.Computed.self) { sums in
            result.withMutableElements(as: Stored.self) { result in
                for place in sums.indices {
                    if let rounded = Stored(rounding: sums[place]) { result[place] = rounded }
                }
            }
        }
        return result
    }
}

/// The gradient with respect to weights: summed over all windows in double precision, in one order.
struct WeightGradient<Stored: StoredElement>: Sendable where Stored.Computed: RealElement {
    let kernel: GatherKernel<Stored>
    let op: WeightedOp

    func tensor(_ input: Tensor, _ gradOutput: Tensor) -> Tensor {
        var gradients = [Double](repeating: 0, count: op.weights.count)
        let reduction = WeightedReduction<Stored.Computed>(op.table)
        input.withElements(as: Stored.self) { values in
            gradOutput.withElements(as: Stored.self) { incoming in
                guard let values = values.baseAddress, let incoming = incoming.baseAddress else { return }
                let planes = 0..<kernel.geometry.planeCount
                kernel.forEachTile(planes, input: values, gradOutput: incoming) { tile, scratch in
                    reduction.differentiateWeights(tile, scratch, into: &gradients)
                }
            }
        }
        let tensor = Tensor(elementType: gradOutput.elementType, shape: op.weights.shape)
        tensor.withMutableElements(as: Stored.self) { elements in
            for (place, gradient) in gradients.enumerated() {
                if let rounded = Stored(rounding: Stored.Computed(gradient)) { elements[place] = rounded }
            }
        }
        return tensor
    }
}
