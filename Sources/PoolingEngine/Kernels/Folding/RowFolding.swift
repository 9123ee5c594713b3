/// A way of folding rows, for elements of a type that its ``RowFormat`` knows.
protocol RowFolding: Sendable {
    var name: String { get }
    var units: WorkUnits { get }
    var scratchByteCount: Int { get }

    func forward(
        _ units: Range<Int>, input: Elements, output: MutableElements, indices: UnsafeMutablePointer<Int64>?,
        _ cancellation: Cancellation?
    ) -> DataFault?
}
