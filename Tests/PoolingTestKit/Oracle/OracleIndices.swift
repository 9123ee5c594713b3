/// How a position of the input is written as an index, and read back.
struct OracleIndices {
    let axes: OracleAxes
    let base: String
    let columnMajor: Bool
    /// Extents of the kernel, where cells of one are numbered.
    private let kernel: [Int]

    init(_ request: OracleRequest, axes: OracleAxes) {
        self.axes = axes
        base = request.text("index_base", "plane")
        columnMajor = request.text("index_order", "row_major") == "column_major"
        kernel = base == "window" ? request.kernel(axes.pooled.count) ?? [] : []
    }

    /// The index of `cell`; −1 for a padding zero.
    func index(of cell: OracleWindow.Cell) -> Int {
        guard let source = cell.source else { return -1 }
        let position = Coordinates.unflat(source, in: axes.shape)
        switch base {
        case "plane": return planeIndex(axes.pooled.map { position[$0] })
        case "sample": return numbered(position) % (axes.batch == nil ? Int.max : sampleCount)
        case "tensor": return numbered(position)
        default: return number(ofKernelCell: cell.offset)
        }
    }

    private func number(ofKernelCell offset: Int) -> Int {
        guard columnMajor else { return offset }
        return Coordinates.flat(Coordinates.unflat(offset, in: kernel).reversed(), in: kernel.reversed())
    }

    private var sampleCount: Int { axes.shape.dropFirst().reduce(1, *) }

    private func planeIndex(_ coordinates: [Int]) -> Int {
        columnMajor
            ? Coordinates.flat(coordinates.reversed(), in: axes.extents.reversed())
            : Coordinates.flat(coordinates, in: axes.extents)
    }

    /// The flat number of `position`, its spatial part in the order that is asked for.
    private func numbered(_ position: [Int]) -> Int {
        guard columnMajor else { return Coordinates.flat(position, in: axes.shape) }
        var shape = axes.shape
        var reordered = position
        for (axis, mirror) in zip(axes.pooled, axes.pooled.reversed()) {
            shape[axis] = axes.shape[mirror]
            reordered[axis] = position[mirror]
        }
        return Coordinates.flat(reordered, in: shape)
    }

    /// The input position that `index` names for `window`; nil for −1 and for a padding zero.
    func source(_ index: Int, in window: OracleWindow) -> Int? {
        if index < 0 { return nil }
        if base == "window" { return window.cells.first { number(ofKernelCell: $0.offset) == index }?.source }
        return planeSources(window.plane).first { self.index(of: OracleWindow.Cell(source: $0, offset: 0)) == index }
    }

    private func planeSources(_ plane: [Int]) -> [Int] {
        Coordinates.all(in: axes.extents).map { axes.source($0, in: plane) }
    }
}
