/// Copies the first or the last cell of each window, and reads no other.
struct EdgeKernel<Stored: StoredElement>: ForwardKernel {
    private let cells: EdgeCells
    private let emptyValue: Stored?
    /// What padded cells hold, for each pooled axis.
    private let paddingValues: [Stored?]

    /// Nil for ops that read other cells too, and where some cells take no part.
    init?(_ geometry: WindowGeometry, _ reducer: Reducer<Stored.Computed>) {
        guard let cells = EdgeCells(geometry, reducer.reads) else { return nil }
        self.cells = cells
        emptyValue = Stored(geometry.emptyValue)
        paddingValues = geometry.paddingValues.map { Stored($0) }
    }

    var name: String { EdgeCells.name }
    var units: WorkUnits { cells.units }
    var scratchByteCount: Int { cells.scratchByteCount }

    func forward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?, _ cancellation: Cancellation?
    ) -> DataFault? {
        cells.forEachBlock(planes, cancellation) { block in
            if block.isFull {
                block.forEach { source, target, _ in output[target] = input[source] }
                if let indices { block.forEach { _, target, number in indices[target] = Int64(number) } }
                return
            }
            block.forEach {
                if $0 >= 0 { output[$1] = input[$0] } else if let filler = filler($0) { output[$1] = filler }
                indices?[$1] = $0 >= 0 ? Int64($2) : -1
            }
        }
    }

    /// The value of a window that takes no element.
    private func filler(_ input: Int) -> Stored? {
        input == EdgeCells.Cell.none ? emptyValue : WindowReader.paddedAxis(input).flatMap { paddingValues[$0] }
    }
}

/// Adds the gradient of each window to the first or the last of its cells.
struct EdgeGradientKernel<Stored: StoredElement, Sum: RealElement>: BackwardKernel where Stored.Computed: RealElement {
    private let cells: EdgeCells
    /// The elements of each plane, where these follow each other and nobody else adds to them; nil elsewhere.
    private let cleared: Int?

    /// Nil for ops that read other cells too, and where some cells take no part.
    ///
    /// - Parameter writes: whether it may write every element of its planes, because nobody else adds to them.
    init?(_ geometry: WindowGeometry, _ reducer: Reducer<Stored.Computed>, writes: Bool) {
        guard let cells = EdgeCells(geometry, reducer.reads) else { return nil }
        self.cells = cells
        cleared = writes ? geometry.contiguousPlane : nil
    }

    var name: String { EdgeCells.name }
    var units: WorkUnits { cells.units }
    var addsOnly: Bool { cleared == nil }
    var scratchByteCount: Int { cells.scratchByteCount }

    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        indices: IndexNumbers?, gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> DataFault? {
        cells.forEachBlock(planes, cancellation) { run in
            guard let cleared else { return }
            (gradInput + run.input).update(repeating: .zero, count: run.count &* cleared)
        } _: { block in
            block.forEach { source, output, _ in
                if source >= 0 { gradInput[source] += Sum(gradOutput[output].computed.double) }
            }
        }
    }
}

extension EdgeCells {
    static let name = "edges"

    /// Neighbouring planes share cache lines.
    fileprivate var units: WorkUnits { WorkUnits(planesOf: geometry, group: geometry.lane.input == 1 ? 64 : 1) }
}

extension WindowGeometry {
    /// The elements of each plane, where planes follow each other and are all of the input; nil elsewhere.
    fileprivate var contiguousPlane: Int? {
        let elements = axes.reduce(1) { $0.multipliedSaturating(by: $1.input) }
        let isAlone = levels.count <= 1 && inputBase == 0 && binStrides.isEmpty
        guard isAlone, lane.count == 1 || lane.input == elements,
            elements.multipliedSaturating(by: lane.count) == inputCount
        else { return nil }
        return elements
    }
}
