/// Pools samples between elements.
struct SampledForwardProgram<Stored: StoredElement>: Program where Stored.Computed: RealElement {
    let kernel: SampledKernel<Stored>
    let elementType: ElementType
    let cost: Cost

    let kernelName = "sampled.reference"
    let tableSize = 0

    func run(_ operands: Operands, _ execution: Execution) throws(PoolingRefusal) -> PoolingResult {
        let output = try Tensor(allocating: elementType, shape: kernel.geometry.outputShape)
        try execution.run(WorkUnits(count: kernel.geometry.frame.channels, group: 1)) { channels in
            operands.main.withElements(as: Stored.self) { source in
                output.withMutableElements(as: Stored.self) { destination in
                    guard let source = source.baseAddress, let destination = destination.baseAddress else { return nil }
                    let goesOn = kernel.forward(channels, input: source, output: destination, execution.cancellation)
                    return goesOn ? nil : .stopped
                }
            }
        }
        return PoolingResult(tensors: [.init(.output, output)])
    }
}

/// The gradient with respect to the input of samples between elements.
struct SampledBackwardProgram<Stored: StoredElement, Sum: RealElement>: Program where Stored.Computed: RealElement {
    let kernel: SampledKernel<Stored>
    let elementType: ElementType
    /// Whether the gradient depends on the values of the input.
    let needsValues: Bool
    let cost: Cost

    let kernelName = "sampled.reference"
    let tableSize = 0

    func run(_ operands: Operands, _ execution: Execution) throws(PoolingRefusal) -> PoolingResult {
        let gradients = try GradientBuffer<Stored, Sum>(shape: kernel.geometry.inputShape, elementType: elementType)
        try execution.run(WorkUnits(count: kernel.geometry.frame.channels, group: 1)) { channels in
            gradients.sums.withMutableElements(as: Sum.self) { sums in
                operands.main.withElements(as: Stored.self) { incoming in
                    guard let sums = sums.baseAddress, let incoming = incoming.baseAddress else { return nil }
                    let input = needsValues ? operands.input : nil
                    let goesOn = backward(channels, input, incoming, sums, execution.cancellation)
                    return goesOn ? nil : .stopped
                }
            }
        }
        return PoolingResult(tensors: [.init(.gradInput, try gradients.result(execution))])
    }

    private func backward(
        _ channels: Range<Int>, _ input: Tensor?, _ incoming: UnsafePointer<Stored>,
        _ sums: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> Bool {
        guard let input else {
            return kernel.backward(channels, input: nil, gradOutput: incoming, gradInput: sums, cancellation)
        }
        return input.withElements(as: Stored.self) {
            kernel.backward(channels, input: $0.baseAddress, gradOutput: incoming, gradInput: sums, cancellation)
        }
    }
}
