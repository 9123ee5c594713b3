/// Pools samples between elements.
struct SampledForwardProgram<Stored: StoredElement>: Program where Stored.Computed: RealElement {
    let kernel: SampledKernel<Stored>
    let input: Tensor

    let kernelName = "sampled.reference"
    var cost: Int { kernel.geometry.work }
    var resultByteCount: Int { kernel.geometry.outputShape.reduce(input.elementType.size, *) }

    func run(slices: Int, on runner: PoolingPlan.SliceRunner) throws(PoolingRefusal) -> PoolingResult {
        let output = Tensor(elementType: input.elementType, shape: kernel.geometry.outputShape)
        try runSlices(slices, planes: kernel.geometry.frame.channels, lanes: 1, on: runner) { channels in
            input.withElements(as: Stored.self) { source in
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
    /// Nil for a mean.
    let input: Tensor?
    let gradOutput: Tensor

    let kernelName = "sampled.reference"
    var cost: Int { 2 * kernel.geometry.work }
    var resultByteCount: Int { kernel.geometry.inputShape.reduce(gradOutput.elementType.size, *) }

    func run(slices: Int, on runner: PoolingPlan.SliceRunner) throws(PoolingRefusal) -> PoolingResult {
        let gradients = GradientBuffer<Stored>(
            shape: kernel.geometry.inputShape, elementType: gradOutput.elementType)
        try runSlices(slices, planes: kernel.geometry.frame.channels, lanes: 1, on: runner) { channels in
            gradients.sums.withMutableElements(as: Stored.Computed.self) { sums in
                gradOutput.withElements(as: Stored.self) { incoming in
                    guard let sums = sums.baseAddress, let incoming = incoming.baseAddress else { return }
                    backward(channels, incoming, sums)
                }
            }
            return nil
        }
        return PoolingResult(tensors: [.init(.gradInput, gradients.rounded())])
    }

    private func backward(
        _ channels: Range<Int>, _ incoming: UnsafePointer<Stored>, _ sums: UnsafeMutablePointer<Stored.Computed>
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
