/// Pools samples between elements.
struct SampledForwardProgram<Stored: StoredElement>: Program where Stored.Computed: RealElement {
    let kernel: SampledKernel<Stored>
    let elementType: ElementType

    let kernelName = "sampled.reference"
    var cost: Int { kernel.geometry.work }
    var resultByteCount: Int { kernel.geometry.outputShape.reduce(elementType.size, *) }
    var tableSize: Int { kernel.geometry.boxes.count }

    func run(
        _ operands: Operands, slices: Int, on runner: PoolingPlan.SliceRunner
    ) throws(PoolingRefusal) -> PoolingResult {
        let output = Tensor(elementType: elementType, shape: kernel.geometry.outputShape)
        try runSlices(slices, WorkUnits(count: kernel.geometry.frame.channels, group: 1), on: runner) { channels in
            operands.main.withElements(as: Stored.self) { source in
                output.withMutableElements(as: Stored.self) { destination in
                    guard let source = source.baseAddress, let destination = destination.baseAddress else { return }
                    kernel.forward(channels, input: source, output: destination)
                }
            }
            return nil
        }
        return PoolingResult(tensors: [.init(.output, output)])
    }
}

/// The gradient with respect to the input of samples between elements.
struct SampledBackwardProgram<Stored: StoredElement>: Program where Stored.Computed: RealElement {
    let kernel: SampledKernel<Stored>
    let elementType: ElementType
    /// Whether the gradient depends on the values of the input.
    let needsValues: Bool

    let kernelName = "sampled.reference"
    var cost: Int { 2 * kernel.geometry.work }
    var resultByteCount: Int { kernel.geometry.inputShape.reduce(elementType.size, *) }
    var tableSize: Int { kernel.geometry.boxes.count }

    func run(
        _ operands: Operands, slices: Int, on runner: PoolingPlan.SliceRunner
    ) throws(PoolingRefusal) -> PoolingResult {
        let gradients = GradientBuffer<Stored>(
            shape: kernel.geometry.inputShape, elementType: elementType)
        try runSlices(slices, WorkUnits(count: kernel.geometry.frame.channels, group: 1), on: runner) { channels in
            gradients.sums.withMutableElements(as: Stored.Computed.self) { sums in
                operands.main.withElements(as: Stored.self) { incoming in
                    guard let sums = sums.baseAddress, let incoming = incoming.baseAddress else { return }
                    backward(channels, needsValues ? operands.input : nil, incoming, sums)
                }
            }
            return nil
        }
        return PoolingResult(tensors: [.init(.gradInput, gradients.rounded())])
    }

    private func backward(
        _ channels: Range<Int>, _ input: Tensor?, _ incoming: UnsafePointer<Stored>,
        _ sums: UnsafeMutablePointer<Stored.Computed>
    ) {
        guard let input else {
            kernel.backward(channels, input: nil, gradOutput: incoming, gradInput: sums)
            return
        }
        input.withElements(as: Stored.self) {
            kernel.backward(channels, input: $0.baseAddress, gradOutput: incoming, gradInput: sums)
        }
    }
}
