/// One way of pooling a tensor forward.
protocol ForwardKernel<Stored>: Sendable {
    associatedtype Stored: StoredElement

    /// For logs and benchmarks.
    var name: String { get }
    var units: WorkUnits { get }
    /// Bytes that each slice computes in.
    var scratchByteCount: Int { get }

    /// Does a part of the work; memory outside its part of the result is not touched.
    func forward(
        _ units: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?, _ cancellation: Cancellation?
    ) -> DataFault?
}
