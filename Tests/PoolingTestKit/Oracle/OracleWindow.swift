import PoolingEngine

/// What one output reads, listed in row-major order.
struct OracleWindow {
    /// A part of the input that makes up a cell.
    struct Tap {
        let source: Int
        let weight: Double
    }

    /// One value of the window: one element, a padded number (no tap), or a blend of up to four elements.
    struct Cell {
        let taps: [Tap]
        /// What a cell without taps holds.
        let fill: FieldNumber
        /// The flat position within the kernel, where there is a kernel.
        let offset: Int

        var source: Int? { taps.count == 1 && taps[0].weight == 1 ? taps[0].source : nil }

        init(taps: [Tap], offset: Int, fill: FieldNumber = FieldNumber(0)) {
            self.taps = taps
            self.offset = offset
            self.fill = fill
        }

        init(source: Int?, offset: Int, fill: FieldNumber = FieldNumber(0)) {
            self.init(taps: source.map { [Tap(source: $0, weight: 1)] } ?? [], offset: offset, fill: fill)
        }
    }

    var cells: [Cell]
    /// Cells of the kernel that lie within the input and its declared padding.
    var declaredCount: Int
    /// Their places within the kernel.
    let declaredOffsets: [Int]
    /// Cells of the kernel.
    var kernelCount: Int
    /// The first element of the plane that is read.
    let plane: [Int]
    /// Of the output, where inputs and outputs have different channels.
    var channel: Int

    init(cells: [Cell], declaredOffsets: [Int]? = nil, kernelCount: Int? = nil, plane: [Int], channel: Int) {
        self.cells = cells
        self.declaredOffsets = declaredOffsets ?? cells.map(\.offset)
        declaredCount = self.declaredOffsets.count
        self.kernelCount = kernelCount ?? cells.count
        self.plane = plane
        self.channel = channel
    }
}

/// Everything that a region decides: the shape of the output, and the window of each of its elements.
struct OracleGeometry {
    let axes: OracleAxes
    let outputShape: [Int]
    let windows: [OracleWindow]
    /// Whether an empty window gives 0.
    let allowsEmpty: Bool
    /// The size of the kernel along each pooled axis; nil where it is that of the input, or where there is none.
    let kernel: [Int]?

    init(
        axes: OracleAxes, outputShape: [Int], windows: [OracleWindow], allowsEmpty: Bool = false, kernel: [Int]? = nil
    ) throws {
        if !allowsEmpty, windows.contains(where: { $0.cells.isEmpty }) { throw OracleFailure.emptyWindow }
        self.axes = axes
        self.outputShape = outputShape
        self.windows = windows
        self.allowsEmpty = allowsEmpty
        self.kernel = kernel
    }
}
