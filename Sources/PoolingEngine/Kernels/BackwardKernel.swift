/// One way of sending gradients back to the input.
protocol BackwardKernel<Stored, Sum>: Sendable {
    associatedtype Stored: StoredElement where Stored.Computed: RealElement
    /// The type in which gradients are added up: the op's own, or `Double` where many shares add up to one gradient.
    associatedtype Sum: RealElement

    /// For logs and benchmarks.
    var name: String { get }
    /// Planes.
    var units: WorkUnits { get }
    /// Whether gradients are only added, to memory that starts as zeros; otherwise every element is written.
    var addsOnly: Bool { get }
    /// Bytes that each slice computes in.
    var scratchByteCount: Int { get }

    /// The gradients of the planes in `planes`; memory outside those planes of the input is not touched.
    ///
    /// - Parameters:
    ///   - input: nil where the op's gradient does not depend on the values.
    ///   - indices: nil where the request has none.
    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        indices: IndexNumbers?, gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> DataFault?
}
