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

    let weights: Tensor
    let normalizes: Bool
    private let region: String
    /// Cells of the kernel, where channels have weights of their own.
    private var perChannel: Int?

    /// The regions whose windows have cells that weights can belong to.
    static let regions = ["sliding", "global", "sequence", "segments"]

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
        region = context.region
    }

    var needsChannels: Bool { perChannel != nil }

    func fitted(
        to kernel: [Int], channels: Int?, _ reader: FieldReader
    ) throws(PoolingRefusal) -> any PoolingOp {
        if weights.shape == kernel { return self }
        if let channels, region == "sliding" || region == "global", weights.shape == [channels] + kernel {
            var fitted = self
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

    var table: WeightTable { WeightTable(values: weights.doubles, perChannel: perChannel, normalizes: normalizes) }
}

/// Weights by channel and cell of the kernel.
struct WeightTable: Sendable {
    let values: [Double]
    let perChannel: Int?
    let normalizes: Bool

    @inline(__always)
    func place<Element>(_ tile: WindowTile<Element>, tap: Int, lane: Int) -> Int {
        guard let perChannel else { return tile.kernelOffsets[tap] }
        return tile.channel(ofLane: lane) &* perChannel &+ tile.kernelOffsets[tap]
    }

    /// What the weights of a lane's window add up to, or 1 without `normalize`.
    @inline(__always)
    func total<Element>(_ tile: WindowTile<Element>, lane: Int) -> Double {
        guard normalizes else { return 1 }
        var total = 0.0
        for tap in 0..<tile.tapCount { total += values[place(tile, tap: tap, lane: lane)] }
        return total
    }
}

struct WeightedReduction<Element: RealElement>: Reduction {
    private let table: WeightTable

    init(_ table: WeightTable) { self.table = table }

    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let sums = scratch.accumulator(0)
        for tap in 0..<tile.tapCount {
            let row = tile.row(tap)
            if table.perChannel == nil {
                let weight = table.values[tile.kernelOffsets[tap]]
                for lane in 0..<tile.laneCount { sums[lane] += weight * row[lane].double }
            } else {
                for lane in 0..<tile.laneCount {
                    sums[lane] += table.values[table.place(tile, tap: tap, lane: lane)] * row[lane].double
                }
            }
        }
        for lane in 0..<tile.laneCount {
            scratch.results[lane] = Element(sums[lane] / table.total(tile, lane: lane))
        }
    }

    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        for lane in 0..<tile.laneCount {
            let incoming = scratch.incoming[lane].double / table.total(tile, lane: lane)
            for tap in 0..<tile.tapCount {
                scratch.gradients[tap &* tile.laneCapacity &+ lane] = Element(
                    table.values[table.place(tile, tap: tap, lane: lane)] * incoming)
            }
        }
    }

    /// Adds each lane's derivative with respect to the weights, times the incoming gradient, to `gradients`.
    ///
    /// x, or with `normalize` (x − value)/Σw.
    func differentiateWeights(
        _ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>, into gradients: inout [Double]
    ) {
        if table.normalizes { reduce(tile, scratch) }
        for lane in 0..<tile.laneCount {
            let incoming = scratch.incoming[lane].double / table.total(tile, lane: lane)
            let value = table.normalizes ? scratch.results[lane].double : 0
            for tap in 0..<tile.tapCount {
                gradients[table.place(tile, tap: tap, lane: lane)] += incoming * (tile[tap, lane].double - value)
            }
        }
    }
}
