/// Σ w·x over the cells that take part: weighted average, binomial filter (BlurPool), depthwise strided convolution.
///
/// `weights` have the shape of the kernel, or `[C, kernel...]`; over `global` that of the spatial axes, over `sequence`
/// and `segments` one entry a step. `normalize` divides by Σw of the cells that take part.
struct WeightedOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "weighted", gradient: .inputShape,
        parameters: [
            ParameterDescriptor("weights", "tensor", "shape of the kernel, or [C, kernel...] (required)"),
            ParameterDescriptor("normalize", "boolean", default: .bool(false), "divide by the sum of the weights"),
        ],
        summary: "sum w*x", source: "Zhang 2019 (BlurPool); torch depthwise conv2d")

    /// In double precision once they are fitted.
    private var weights: Tensor
    private let normalizes: Bool
    private let hasChannelWeights: Bool
    /// Cells of the kernel, where channels have weights of their own.
    private var perChannel: Int?

    static var needsKernel: Bool { true }
    var tableGradient: TableGradient? {
        let (float, double) = (WeightedReduction<Float>(table), WeightedReduction<Double>(table))
        return TableGradient(
            name: .gradWeights, shape: weights.shape, float: { float.differentiateWeights($0, $1, into: $2) },
            double: { double.differentiateWeights($0, $1, into: $2) })
    }

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingRefusal) {
        normalizes = try reader.takeBool("normalize", default: false)
        let absent = reader.isShapeOnly ? Tensor(elementType: .float32, shape: [0]) : nil
        guard let weights = reader.take(.weights) ?? absent else {
            throw reader.refusal(
                .missingField, at: "weights", "'weights' is missing: one number per cell of the kernel")
        }
        guard weights.elementType.isFloatingPoint else {
            throw reader.refusal(
                .wrongType, at: "weights",
                "expected floating-point numbers for 'weights', got \(weights.elementType.rawValue)")
        }
        self.weights = weights
        hasChannelWeights = context.hasChannelWeights
    }

    var needsChannels: Bool { perChannel != nil }

    func fitted(
        to kernel: [Int], channels: Int?, _ reader: FieldReader
    ) throws(PoolingRefusal) -> any PoolingOp {
        var fitted = self
        if weights.shape == kernel {
            fitted.weights = try weights.asDouble()
            return fitted
        }
        if let channels, hasChannelWeights, weights.shape == [channels] + kernel {
            fitted.weights = try weights.asDouble()
            fitted.perChannel = kernel.reduce(1, *)
            return fitted
        }
        throw reader.refusal(
            .shapeMismatch, at: "weights",
            "'weights' has shape \(weights.shape); it must have the kernel's \(kernel)"
                + (channels.map { ", or \([$0] + kernel)" } ?? ""))
    }

    var reducers: Reducers {
        Reducers(
            float: Reducer(WeightedReduction<Float>(table)), double: Reducer(WeightedReduction<Double>(table)))
    }

    private var table: WeightTable {
        WeightTable(weights: weights, perChannel: perChannel, normalizes: normalizes)
    }
}

/// Weights by channel and cell of the kernel.
struct WeightTable: Sendable {
    let shape: [Int]
    let perChannel: Int?
    let normalizes: Bool
    private let weights: Tensor

    init(weights: Tensor, perChannel: Int?, normalizes: Bool) {
        (self.weights, self.perChannel, self.normalizes) = (weights, perChannel, normalizes)
        shape = weights.shape
    }

    @inline(__always)
    subscript(place: Int) -> Double { weights.withElements(as: Double.self) { $0[place] } }

    @inline(__always)
    func place<Element>(_ tile: WindowTile<Element>, tap: Int, lane: Int) -> Int {
        guard let perChannel else { return tile.kernelOffset(tap) }
        return tile.channel(ofLane: lane) &* perChannel &+ tile.kernelOffset(tap)
    }

    /// What the weights of a lane's window add up to, or 1 without `normalize`.
    @inline(__always)
    func total<Element: PoolingElement>(
        _ tile: WindowTile<Element>, lane: Int, _ scratch: WindowScratch<Element>
    ) -> Double {
        guard normalizes else { return 1 }
        var total = 0.0
        tile.forEachTap(scratch) { tap in total += self[place(tile, tap: tap, lane: lane)] }
        return total
    }
}

struct WeightedReduction<Element: RealElement>: Reduction {
    private let table: WeightTable

    init(_ table: WeightTable) { self.table = table }

    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let sums = scratch.accumulator(0)
        tile.forEachTap(scratch) { tap in
            let row = tile.row(tap)
            if table.perChannel == nil {
                let weight = table[tile.kernelOffset(tap)]
                for lane in 0..<tile.laneCount { sums[lane] += weight * row[lane].double }
            } else {
                for lane in 0..<tile.laneCount {
                    sums[lane] += table[table.place(tile, tap: tap, lane: lane)] * row[lane].double
                }
            }
        }
        for lane in 0..<tile.laneCount {
            scratch.results[lane] = Element(sums[lane] / table.total(tile, lane: lane, scratch))
        }
    }

    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        for lane in 0..<tile.laneCount {
            let incoming = scratch.incoming[lane].double / table.total(tile, lane: lane, scratch)
            tile.forEachTap(scratch) { tap in
                scratch.gradients[tap &* tile.laneCapacity &+ lane] = Element(
                    table[table.place(tile, tap: tap, lane: lane)] * incoming)
            }
        }
    }

    /// Adds each lane's derivative with respect to the weights, times the incoming gradient, to `gradients`.
    ///
    /// x, or with `normalize` (x − value)/Σw.
    func differentiateWeights(
        _ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>,
        into gradients: UnsafeMutableBufferPointer<Double>
    ) {
        if table.normalizes { reduce(tile, scratch) }
        for lane in 0..<tile.laneCount {
            let incoming = scratch.incoming[lane].double / table.total(tile, lane: lane, scratch)
            let value = table.normalizes ? scratch.results[lane].double : 0
            tile.forEachTap(scratch) { tap in
                gradients[table.place(tile, tap: tap, lane: lane)] += incoming * (tile[tap, lane].double - value)
            }
        }
    }
}
