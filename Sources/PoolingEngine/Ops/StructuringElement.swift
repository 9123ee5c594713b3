extension TensorName {
    package static let structure = TensorName("structure", nil, rank: 2, decidesShapes: true, givesKernel: true)
}

/// Numbers added to the cells of a window before they are compared (`structure`): grey dilation and erosion.
///
/// In the shape of the kernel, or one such part per channel; −Infinity takes a cell out.
struct StructuringElement: Sendable {
    static let parameter = ParameterDescriptor(
        .structure,
        "numbers of the shape of the kernel, or [C, kernel...]: max(x + s) or min(x - s); -Infinity takes a cell out (sliding)"
    )

    static let typeCondition = OpDescriptor.TypeCondition(
        setting: "'structure'", alternative: "without 'structure' it takes integers")

    private let numbers: Tensor
    /// Cells of the kernel, where channels have numbers of their own.
    private let perChannel: Int?

    var byteCount: Int { numbers.byteCount }
    var hasChannels: Bool { perChannel != nil }
    /// The numbers in double precision, once they are fitted.
    var table: WeightTable { WeightTable(weights: numbers, perChannel: perChannel, normalizes: false) }

    private init(_ numbers: Tensor, perChannel: Int?) {
        (self.numbers, self.perChannel) = (numbers, perChannel)
    }

    /// Takes it from the request; nil where there is none.
    init?(_ reader: inout FieldReader) throws(PoolingError) {
        guard let numbers = reader.take(.structure) else { return nil }
        if let wrong = try reader.firstIndex(
            in: numbers, where: { numbers.double(at: $0).isNaN || numbers.double(at: $0) == .infinity })
        {
            throw reader.rejection(
                .outOfRange, at: "structure",
                "element \(wrong) of 'structure' is \(numbers.double(at: wrong)); it must be finite, or -Infinity for a "
                    + "cell that takes no part")
        }
        self.init(numbers, perChannel: nil)
    }

    /// - Parameter kernel: extents of the kernel along each pooled axis.
    func fitted(to kernel: [Int], channels: Int?, _ reader: FieldReader) throws(PoolingError) -> StructuringElement {
        let hasChannels = channels.map { numbers.shape == [$0] + kernel } ?? false
        guard numbers.shape == kernel || hasChannels else {
            throw reader.rejection(
                .shapeMismatch, at: "structure",
                "'structure' has shape \(numbers.shape); it must have the kernel's \(kernel)"
                    + (channels.map { ", or \([$0] + kernel)" } ?? ""))
        }
        let cells = kernel.reduce(1, *)
        for first in stride(from: 0, to: numbers.count, by: max(cells, 1)) {
            try reader.checkpoint()
            guard (first..<first + cells).contains(where: { numbers.double(at: $0) != -.infinity }) else {
                throw reader.rejection(
                    .outOfRange, at: "structure", "every cell of 'structure' is -Infinity; at least one must be finite")
            }
        }
        return StructuringElement(try reader.doubles(of: numbers), perChannel: hasChannels ? cells : nil)
    }

    /// The reducers of an op that compares cells in some order.
    func reducers<Order: ExtremumOrder>(_ order: Order.Type, _ nan: NaNPolicy) -> Reducers {
        Reducers(
            float: Reducer(StructuredReduction<Float, Order>(nan: nan, table: table)),
            double: Reducer(StructuredReduction<Double, Order>(nan: nan, table: table)))
    }

    func gradient<Order: ExtremumOrder>(_ order: Order.Type, _ nan: NaNPolicy) -> TableGradient {
        let float = StructuredReduction<Float, Order>(nan: nan, table: table)
        let double = StructuredReduction<Double, Order>(nan: nan, table: table)
        return TableGradient(
            name: .gradStructure, shape: numbers.shape, float: { float.differentiateTable($0, $1, into: $2) },
            double: { double.differentiateTable($0, $1, into: $2) })
    }
}

/// The sum x + sign·s that beats all others; the first of equals.
private struct StructuredReduction<Element: RealElement, Order: ExtremumOrder>: SelectingReduction {
    let nan: NaNPolicy
    let table: WeightTable

    @inline(__always) private var sign: Element { Element(Order.sign) }

    @inline(__always)
    func select(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let best = scratch.results
        for lane in 0..<tile.laneCount {
            best[lane] = scratch.emptyValue
            scratch.selected[lane] = -1
        }
        tile.forEachTap(scratch) { tap in
            let row = tile.row(tap)
            for lane in 0..<tile.laneCount {
                let number = table[table.index(tile, tap: tap, lane: lane)]
                guard number != -.infinity else { continue }
                let cell = row[lane] + sign * Element(number)
                guard scratch.selected[lane] < 0 || Order.selects(cell, over: best[lane], nan) else { continue }
                best[lane] = cell
                scratch.selected[lane] = tap
            }
        }
    }

    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) { select(tile, scratch) }

    /// Adds each lane's incoming gradient, times the sign, at the number of its selected cell.
    func differentiateTable(
        _ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>,
        into gradients: UnsafeMutableBufferPointer<Double>
    ) {
        select(tile, scratch)
        for lane in 0..<tile.laneCount where scratch.selected[lane] >= 0 {
            let index = table.index(tile, tap: scratch.selected[lane], lane: lane)
            gradients[index] += (sign * scratch.incoming[lane]).double
        }
    }
}
