/// The gradient with respect to the input of samples between elements.
struct SampledBackwardProgram<Stored: StoredElement, Sum: RealElement>: Program where Stored.Computed: RealElement {
    private let geometry: SampledGeometry
    private let elementType: ElementType
    private let needsValues: Bool
    let cost: Cost
    private let work:
        @Sendable (
            Range<Int>, UnsafePointer<Stored>?, UnsafePointer<Stored>, UnsafeMutablePointer<Sum>, Cancellation?
        ) -> Bool

    let kernelName = "sampled"
    let tableSize = 0

    /// - Parameter needsValues: whether the gradient depends on the values of the input.
    @inline(__always)
    init(_ kernel: SampledKernel<Stored>, elementType: ElementType, needsValues: Bool, cost: Cost) {
        (geometry, self.elementType, self.needsValues, self.cost) = (kernel.geometry, elementType, needsValues, cost)
        work = { kernel.backward($0, input: $1, gradOutput: $2, gradInput: $3, $4) }
    }

    func run(_ operands: Operands, _ execution: Execution) throws(PoolingError) -> PoolingResult {
        let gradients = try GradientBuffer<Stored, Sum>(shape: geometry.inputShape, elementType: elementType)
        try execution.run(WorkUnits(count: geometry.frame.channels, group: 1)) { channels in
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
            return work(channels, nil, incoming, sums, cancellation)
        }
        return input.withElements(as: Stored.self) {
            work(channels, $0.baseAddress, incoming, sums, cancellation)
        }
    }
}
