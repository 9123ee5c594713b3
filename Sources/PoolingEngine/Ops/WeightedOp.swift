extension TensorName {
    package static let weights = TensorName("weights", nil, rank: 2)
}

/// Σ w·x over the cells that take part: weighted average, binomial filter (BlurPool), depthwise strided convolution.
///
/// `weights` have the shape of the kernel, or `[C, kernel...]`; over `global` that of the spatial axes, over `sequence`
/// and `segments` one entry per step, over `bags` one per row or member; `sequence` also takes `[N, T]`. `normalize` divides by Σw of the cells that take part.
struct WeightedOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "weighted", gradient: .inputShape,
        parameters: [
            ParameterDescriptor(
                .weights, "shape of the kernel, or [C, kernel...] (required)",
                otherNames: ["weight", "filter", "filters", "kernelweights", "coefficients"]),
            ParameterDescriptor("normalize", "boolean", default: .bool(false), "divide by the sum of the weights"),
        ],
        summary: "sum w*x", source: "Zhang 2019 (BlurPool); torch depthwise conv2d",
        otherNames: [
            "blurpool", "blur", "antialias", "binomial", "gaussian", "depthwise", "conv", "convolution",
        ])

    /// In double precision once they are fitted.
    private var weights: Tensor
    private let normalizes: Bool
    private let hasChannelWeights: Bool
    /// Cells of the kernel, where planes have weights of their own, and which planes.
    private var perChannel: Int?
    private(set) var variation = PlaneVariation.none
    /// Whether no weight is an infinity or NaN, so that products with zeros are zeros; not known before they are fitted.
    private var areFinite = false

    static var needsKernel: Bool { true }
    var tableGradient: TableGradient? {
        let (float, double) = (WeightedReduction<Float>(table), WeightedReduction<Double>(table))
        return TableGradient(
            name: .gradWeights, shape: weights.shape, float: { float.differentiateWeights($0, $1, into: $2) },
            double: { double.differentiateWeights($0, $1, into: $2) })
    }

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingError) {
        normalizes = try reader.takeBool("normalize", default: false)
        let absent = reader.isShapeOnly ? Tensor(elementType: .float32, shape: [0]) : nil
        guard let weights = reader.take(.weights) ?? absent else {
            throw reader.rejection(
                .missingField, at: "weights", "'weights' is missing: one number per cell of the kernel")
        }
        guard weights.elementType.isFloatingPoint else {
            throw reader.rejection(
                .wrongType, at: "weights",
                "expected floating-point numbers for 'weights', got \(weights.elementType.rawValue)")
        }
        self.weights = weights
        hasChannelWeights = context.hasChannelWeights
    }

    func fitted(to kernel: [Int], _ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> any PoolingOp {
        // A shape query has no weights.
        if reader.isShapeOnly { return self }
        var fitted = self
        if weights.shape == kernel {
            try fitted.widen(reader)
            return fitted
        }
        let perPlane = hasChannelWeights ? PlaneVariation.channel : .batch
        let planes = axes.axis(of: perPlane).map { axes.shape[$0] }
        if let planes, weights.shape == [planes] + kernel {
            try fitted.widen(reader)
            fitted.perChannel = kernel.reduce(1, *)
            fitted.variation = perPlane
            return fitted
        }
        throw reader.rejection(
            .shapeMismatch, at: "weights",
            "'weights' has shape \(weights.shape); it must have the kernel's \(kernel)"
                + (planes.map { ", or \([$0] + kernel)" } ?? ""))
    }

    private mutating func widen(_ reader: FieldReader) throws(PoolingError) {
        weights = try reader.doubles(of: weights)
        areFinite = weights.withElements(as: Double.self) { $0.allSatisfy(\.isFinite) }
    }

    var tableByteCount: Int { weights.byteCount }

    var tapWeights: WeightTable? { normalizes || !areFinite ? nil : table }

    var reducers: Reducers {
        Reducers(
            float: Reducer(WeightedReduction<Float>(table)).sharing(
                normalizes || perChannel != nil ? nil : TermKernels(scattering: SumReduction(), weights: table)),
            double: Reducer(WeightedReduction<Double>(table)))
    }

    private var table: WeightTable {
        WeightTable(weights: weights, perChannel: perChannel, normalizes: normalizes)
    }
}

/// The weights of the cells of windows.
private struct CellWeights<Element: RealElement> {
    let cells: WindowCells<Element>
    let table: UnsafePointer<Double>
    /// From the table to the weights of the first lane's window, and from lane to lane.
    let base: Int
    let step: Int
    /// The first lane's weights, where taps are cells of the kernel that follow each other.
    private let ordered: UnsafePointer<Double>?

    @inline(__always)
    init(_ cells: WindowCells<Element>, _ weights: WeightTable, _ table: UnsafePointer<Double>) {
        (self.cells, self.table) = (cells, table)
        base = cells.tile.channel(ofLane: cells.lane) &* (weights.perChannel ?? 0)
        step = cells.tile.channelStep &* (weights.perChannel ?? 0)
        let (first, last) = (cells.tile.kernelOffset(0), cells.tile.kernelOffset(cells.count &- 1))
        ordered = last &- first == cells.count &- 1 ? table + (base &+ first) : nil
    }

    /// Whether all lanes have one weight for each tap.
    @inline(__always) var isShared: Bool { !cells.isSplit && step == 0 }

    /// The index of the first lane's weight.
    @inline(__always)
    func weightIndex(_ tap: Int) -> Int { base &+ cells.tile.kernelOffset(tap) }

    /// Σ w·x.
    @inline(__always)
    var sums: Lanes {
        guard isShared else { return cells.sumByTap { weights($0) * $1 } }
        if let ordered { return cells.sumByTap { $1 * ordered[$0] } }
        return cells.sumByTap { $1 * table[weightIndex($0)] }
    }

    /// The weights of the lanes at `tap`; 0 in lanes that hold nothing.
    @inline(__always)
    func weights(_ tap: Int) -> Lanes {
        if isShared { return Lanes(repeating: table[weightIndex(tap)]) }
        if let ordered, cells.isSplit, cells.count >= Lanes.scalarCount { return Double.lanes(ordered + tap) }
        var weights = Lanes.zero
        forEachWeight(tap) { weights[$0] = table[$1] }
        return weights
    }

    /// Calls `body` with each lane that holds a cell of `tap`, and the index of its weight.
    @inline(__always)
    func forEachWeight(_ tap: Int, _ body: (_ lane: Int, _ index: Int) -> Void) {
        if cells.isSplit {
            for part in 0..<min(Lanes.scalarCount, cells.count) {
                body(part, weightIndex(tap &+ part))
            }
        } else {
            for lane in 0..<cells.laneCount { body(lane, weightIndex(tap) &+ lane &* step) }
        }
    }

    /// What the weights of each window add up to.
    @inline(__always)
    var totals: Lanes {
        var totals = Lanes.zero
        cells.forEach { tap, _, isIn in totals += weights(tap).only(where: isIn, else: 0) }
        return cells.whole(totals, +)
    }
}

struct WeightedReduction<Element: RealElement>: FoldReduction {
    private let table: WeightTable

    init(_ table: WeightTable) { self.table = table }

    /// The factor of the sum: 1, or with `normalize` the inverse of the weights' sum, 0 where that is 0.
    @inline(__always)
    private func factors(_ weights: CellWeights<Element>) -> Lanes {
        guard table.normalizes else { return Lanes(repeating: 1) }
        let totals = weights.totals
        return (1 / totals).replacing(with: 0, where: totals .== 0)
    }

    @inline(__always)
    private func value(_ weights: CellWeights<Element>) -> Lanes {
        let sums = weights.sums
        guard table.normalizes else { return sums }
        let totals = weights.totals
        return (sums / totals).replacing(with: 0, where: totals .== 0)
    }

    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes {
        table.withTable { value(CellWeights(cells, table, $0)) } ?? .zero
    }

    @inline(__always)
    func spread(_ cells: WindowCells<Element>) {
        _ = table.withTable {
            let weights = CellWeights(cells, table, $0)
            let shares = cells.incoming * factors(weights)
            cells.forEach { tap, _, _ in cells.store(weights.weights(tap) * shares, tap) }
        }
    }

    /// As ``differentiateWeights(_:_:into:)`` for windows that share their weights: the lanes of a tap are added up at once.
    @inline(__always)
    private func differentiateShared(
        _ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>,
        into gradients: UnsafeMutableBufferPointer<Double>
    ) {
        let base = tile.firstChannel &* (table.perChannel ?? 0)
        tile.forEachTap(scratch) { tap in
            var sums = Lanes.zero
            tile.forEachCells(scratch) { cells in
                let terms = Element.lanes(tile.row(tap) + cells.lane) * cells.incoming
                let isWhole = cells.repeatedLanes == 0 && cells.laneCount == Lanes.scalarCount
                sums += terms.only(
                    where: isWhole ? nil : Lanes.lanes(from: cells.repeatedLanes, below: cells.laneCount), else: 0)
            }
            gradients[base &+ tile.kernelOffset(tap)] += sums.folded(+)[0]
        }
    }

    /// Adds each window's derivative with respect to the weights, times the incoming gradient, to `gradients`.
    ///
    /// x, or with `normalize` (x − value)/Σw; 0 where that sum is 0.
    func differentiateWeights(
        _ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>,
        into gradients: UnsafeMutableBufferPointer<Double>
    ) {
        if !tile.isSplit, tile.channelStep == 0 || table.perChannel == nil, !table.normalizes {
            return differentiateShared(tile, scratch, into: gradients)
        }
        tile.forEachCells(scratch) { cells in
            _ = table.withTable {
                let weights = CellWeights(cells, table, $0)
                let shares = cells.incoming * factors(weights)
                let values = table.normalizes ? value(weights) : .zero
                let counted = Lanes.lanes(from: cells.repeatedLanes, below: cells.laneCount)
                cells.forEach { tap, x, isIn in
                    let terms = (x - values) * shares
                    let isNew = cells.isSplit ? isIn : counted
                    weights.forEachWeight(tap) { lane, index in
                        if isNew.map({ $0[lane] }) ?? true { gradients[index] += terms[lane] }
                    }
                }
            }
        }
    }
}
