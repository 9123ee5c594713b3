/// Where a gradient comes from.
enum GradientSource: Sendable {
    /// The op's derivative; the values only where it needs them.
    case derivative(input: Tensor?)
    /// A mask that came back.
    case mask(Tensor, selectedShare: Double)
}

/// The gradient with respect to the input of windows of whole elements.
struct BackwardProgram<Stored: StoredElement>: Program where Stored.Computed: RealElement {
    let kernel: GatherKernel<Stored>
    let source: GradientSource
    let gradOutput: Tensor
    /// The derivative with respect to weights, where the op has them and the input is known.
    let weights: WeightGradient<Stored>?

    private var geometry: WindowGeometry { kernel.geometry }

    var kernelName: String {
        if case .mask = source { "mask.scatter" } else { kernel.name }
    }
    var cost: Int { 2 * geometry.totalTaps }
    var resultByteCount: Int { geometry.inputCount * gradOutput.elementType.size }

    func run(slices: Int, on runner: PoolingPlan.SliceRunner) throws(PoolingRefusal) -> PoolingResult {
        let gradients = GradientBuffer<Stored>(shape: geometry.inputShape, elementType: gradOutput.elementType)
        let lanes = kernel.laneCapacity
        try runSlices(independent(slices), planes: geometry.planeCount, lanes: lanes, on: runner) { planes in
            gradients.sums.withMutableElements(as: Stored.Computed.self) { sums in
                sums.baseAddress.flatMap { backward(planes, $0) }
            }
        }
        var tensors = [PoolingResult.NamedTensor(.gradInput, gradients.rounded())]
        if let weights { tensors.append(.init(.gradWeights, weights.tensor(gradOutput))) }
        return PoolingResult(tensors: tensors)
    }

    /// Numbers that are not relative to a plane may name elements of another slice.
    private func independent(_ slices: Int) -> Int {
        if case .mask = source, geometry.indexing.base != .plane, geometry.indexing.base != .window {
            1
        } else {
            slices
        }
    }

    private func backward(_ planes: Range<Int>, _ sums: UnsafeMutablePointer<Stored.Computed>) -> DataFault? {
        gradOutput.withElements(as: Stored.self) { incoming in
            guard let incoming = incoming.baseAddress else { return nil }
            switch source {
            case .mask(let indices, let selectedShare):
                indices.withElements(as: Int64.self) { indices in
                    guard let indices = indices.baseAddress else { return }
                    MaskKernel<Stored>(geometry: geometry, selectedShare: selectedShare)
                        .backward(planes, gradOutput: incoming, indices: indices, gradInput: sums)
                }
                return nil
            case .derivative(let input?):
                return input.withElements(as: Stored.self) { values in
                    kernel.backward(planes, input: values.baseAddress, gradOutput: incoming, gradInput: sums) {
                        $0 += $1
                    }
                }
            case .derivative(nil):
                return kernel.backward(planes, input: nil, gradOutput: incoming, gradInput: sums) { $0 += $1 }
            }
        }
    }
}

/// Sums of gradients, in the type that ops compute in.
struct GradientBuffer<Stored: StoredElement>: Sendable where Stored.Computed: RealElement {
    let sums: Tensor
    private let elementType: ElementType

    init(shape: [Int], elementType: ElementType) {
        self.elementType = elementType
        let computed: ElementType = Stored.Computed.self == Double.self ? .float64 : .float32
        sums = Tensor(elementType: computed, shape: shape, zeroed: true)
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
    let input: Tensor

    func tensor(_ gradOutput: Tensor) -> Tensor {
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
