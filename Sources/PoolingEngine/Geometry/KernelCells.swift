extension TensorName {
    package static let footprint = TensorName("footprint", .bool, rank: 2, decidesShapes: true, givesKernel: true)
}

/// Which cells of a sliding kernel a request leaves in: those of a footprint, where a structuring element has a number.
struct KernelCells: Sendable {
    static let parameter = ParameterDescriptor(
        .footprint,
        "booleans of the shape of the kernel: the cells that take part; without kernel it gives the size")

    /// Booleans in the shape of the kernel.
    private let footprint: Tensor?
    /// The op's parameter, of which −Infinity takes a cell out; in the shape of the kernel, or one such part per channel.
    private let structure: Tensor?

    init(_ reader: inout FieldReader) throws(PoolingError) {
        footprint = try reader.takeBooleans(.footprint)
        structure = reader.tensor(.structure)
        guard let footprint else { return }
        guard footprint.count == 0 || footprint.withElements(as: UInt8.self, { $0.contains(1) }) else {
            throw reader.rejection(.outOfRange, at: "footprint", "'footprint' has no true cell; at least one must be")
        }
    }

    var footprintShape: [Int]? { footprint?.shape }

    /// The shape that replaces a kernel, and its field; nil where neither tensor is given.
    var kernel: (field: String, shape: [Int])? {
        footprint.map { ("footprint", $0.shape) } ?? structure.map { ("structure", $0.shape) }
    }

    /// Rejects a footprint that is not as large as the kernel.
    func check(_ kernel: PerAxis<Int>, _ reader: FieldReader) throws(PoolingError) {
        guard let footprint else { return }
        let expected = kernel.expanded(to: footprint.rank)
        guard footprint.shape == expected else {
            throw reader.rejection(
                .shapeMismatch, at: "footprint",
                "'footprint' has shape \(footprint.shape); it must have \(expected), the kernel's")
        }
    }

    /// Calls `body` with the cells that take part, for all channels or for each, one after the other, and how many such
    /// footprints there are; not at all where all cells of any kernel do.
    func forEachFootprint(
        kernel: [Int], _ cancellation: Cancellation?,
        _ body: (Footprint, _ count: Int) throws(PoolingError) -> Void
    ) throws(PoolingError) {
        guard let structure, let cellCount = kernel.checkedProduct, cellCount > 0,
            structure.count.isMultiple(of: cellCount)
        else {
            if let footprint { try body(Footprint(footprint), 1) }
            return
        }
        let count = structure.count / cellCount
        for channel in 0..<count {
            try cancellation?.check()
            let cells = try Tensor(allocating: .bool, shape: kernel)
            cells.withMutableElements(as: UInt8.self) { cells in
                for cell in cells.indices {
                    let isIn = footprint?.integer(at: cell) != 0
                    cells[cell] = isIn && structure.double(at: channel * cellCount + cell) != -.infinity ? 1 : 0
                }
            }
            try body(Footprint(cells), count)
        }
    }
}
