/// Pools samples between elements.
///
/// Its work is a closure for the reason of ``MadeKernel``.
struct SampledForwardProgram<Stored: StoredElement>: Program where Stored.Computed: RealElement {
    private let geometry: SampledGeometry
    private let elementType: ElementType
    let cost: Cost
    private let work: @Sendable (Range<Int>, UnsafePointer<Stored>, UnsafeMutablePointer<Stored>, Cancellation?) -> Bool

    let kernelName = "sampled"
    let tableSize = 0

    @inline(__always)
    init(_ kernel: SampledKernel<Stored>, elementType: ElementType, cost: Cost) {
        (geometry, self.elementType, self.cost) = (kernel.geometry, elementType, cost)
        work = { kernel.forward($0, input: $1, output: $2, $3) }
    }

    func run(_ operands: Operands, _ execution: Execution) throws(PoolingError) -> PoolingResult {
        let output = try Tensor(allocating: elementType, shape: geometry.outputShape)
        try execution.run(WorkUnits(count: geometry.frame.channels, group: 1)) { channels in
            operands.main.withElements(as: Stored.self) { source in
                output.withMutableElements(as: Stored.self) { destination in
                    guard let source = source.baseAddress, let destination = destination.baseAddress else { return nil }
                    return work(channels, source, destination, execution.cancellation) ? nil : .stopped
                }
            }
        }
        return PoolingResult(tensors: [.init(.output, output)])
    }
}
