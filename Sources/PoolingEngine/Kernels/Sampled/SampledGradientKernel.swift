/// Sends the gradients of samples back to the cells that they lie between.
struct SampledGradientKernel<Stored: StoredElement, Sum: RealElement>: BackwardKernel
where Stored.Computed: RealElement {
    let kernel: SampledKernel<Stored>

    var name: String { kernel.name }
    /// Channels of samples are to it what planes are to others.
    var units: WorkUnits { kernel.gradientUnits }
    var addsOnly: Bool { true }
    var scratchByteCount: Int { kernel.scratchByteCount }

    func backward(
        _ units: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        indices: IndexNumbers?, gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> DataFault? {
        kernel.backward(units, input: input, gradOutput: gradOutput, gradInput: gradInput, cancellation)
    }
}
