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

/// A row kernel whose work is a closure, which is compiled for its type of cells where it is made; see ``MadeKernel``.
struct RowKernel: Sendable {
    let name: String
    let units: WorkUnits
    let scratchByteCount: Int
    fileprivate let work:
        @Sendable (Range<Int>, Elements, MutableElements, UnsafeMutablePointer<Int64>?, Cancellation?) -> DataFault?

    @inline(__always)
    init(_ folding: some RowFolding) {
        name = folding.name
        units = folding.units
        scratchByteCount = folding.scratchByteCount
        work = { folding.forward($0, input: $1, output: $2, indices: $3, $4) }
    }
}

/// A row kernel for the elements of one type.
struct RowForwardKernel<Stored: StoredElement>: ForwardKernel {
    private let kernel: RowKernel

    init(_ kernel: RowKernel) { self.kernel = kernel }

    var name: String { kernel.name }
    var units: WorkUnits { kernel.units }
    var scratchByteCount: Int { kernel.scratchByteCount }

    func forward(
        _ units: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?, _ cancellation: Cancellation?
    ) -> DataFault? {
        kernel.work(units, Elements(input), MutableElements(output), indices, cancellation)
    }
}
