/// The order statistic at rank q·(n − 1) of each window, as `numpy.quantile`.
///
/// NaN anywhere gives NaN. Between two ranks `interpolation` decides; the gradient goes to the cells that the value is
/// made of, with their weights, and equal cells are taken in window order.
struct QuantileOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "quantile", gradient: .input, supportsIntegers: true,
        parameters: [
            ParameterDescriptor(
                "q", "number", default: .number(FieldNumber(value: 0.5, whole: nil)), "from 0 to 1",
                otherNames: OtherNames(["quantile", "quantiles"]).with("from 0 to 1", ["percentile", "rank"])),
            ParameterDescriptor(
                "interpolation", "string", values: Interpolation.allCases.map(\.rawValue), default: .string("linear"),
                "the value between two elements; integers need lower, higher or nearest", otherNames: ["method"]),
        ],
        summary: "the order statistic at q*(n-1)", source: "numpy.quantile",
        otherNames: ["percentile", "rank", "rankfilter"])

    enum Interpolation: String, CaseIterable, Sendable {
        case linear, lower, higher, midpoint, nearest

        /// Whether the value is that of one cell, so that integers stay integers.
        var takesOneCell: Bool { self != .linear && self != .midpoint }
    }

    var descriptor: OpDescriptor {
        guard !interpolation.takesOneCell else { return Self.descriptor }
        return Self.descriptor.withoutIntegers(
            because: .init(
                setting: "interpolation '\(interpolation.rawValue)'",
                alternative: "'lower', 'higher' and 'nearest' take integers"))
    }

    private let q: Double
    private let interpolation: Interpolation

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingError) {
        q = try reader.takeNumber("q", default: 0.5, "from 0 to 1") { (0...1).contains($0) }
        interpolation = try reader.takeCase("interpolation", default: Interpolation.linear)
    }

    var weight: OpWeight { .sorting }

    var reducers: Reducers {
        let ranks = QuantileRanks(q: q, interpolation: interpolation)
        return Reducers(
            float: Reducer(QuantileReduction<Float>(ranks: ranks), reads: .sorts),
            double: Reducer(QuantileReduction<Double>(ranks: ranks), reads: .sorts),
            integer: interpolation.takesOneCell ? Self.integer(ranks) : nil)
    }

    private static func integer(_ ranks: QuantileRanks) -> @Sendable () -> Reducer<Int64> {
        { Reducer(IntegerQuantileReduction(ranks: ranks), reads: .sorts) }
    }
}

/// Between which ranks of a sorted window the order statistic lies.
private struct QuantileRanks: Sendable {
    let q: Double
    let interpolation: QuantileOp.Interpolation

    /// Two neighbouring ranks of the sorted window, and the weight of the upper.
    func callAsFunction(_ count: Int) -> (lower: Int, upper: Int, weight: Double) {
        let rank = q * Double(count - 1)
        let lower = Int(rank)
        let fraction = rank - Double(lower)
        let upper = min(lower + 1, count - 1)
        switch interpolation {
        case .linear: return (lower, upper, fraction)
        case .lower: return (lower, upper, 0)
        case .higher: return (lower, upper, fraction > 0 ? 1 : 0)
        case .midpoint: return (lower, upper, fraction > 0 ? 0.5 : 0)
        case .nearest: return (lower, upper, Double(Int(rank.rounded(.toNearestOrEven)) - lower))
        }
    }
}

/// The cell at one rank of the sorted window.
private struct IntegerQuantileReduction: Reduction {
    let ranks: QuantileRanks

    func reduce(_ tile: WindowTile<Int64>, _ scratch: WindowScratch<Int64>) {
        let (lower, upper, weight) = ranks(tile.tapCount)
        let rank = weight == 1 ? upper : lower
        for lane in 0..<tile.laneCount {
            scratch.results[lane] = tile.cell(at: rank, ofLane: lane, scratch) ?? 0
        }
    }

    /// Integers have no gradient.
    func differentiate(_ tile: WindowTile<Int64>, _ scratch: WindowScratch<Int64>) {}
}

private struct QuantileReduction<Element: RealElement>: Reduction {
    let ranks: QuantileRanks

    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let (lower, upper, weight) = ranks(tile.tapCount)
        if tile.tapCount <= WindowTile<Element>.sideBySide {
            let rows = tile.sortedRows(upTo: upper, scratch)
            let (low, high) = (rows + lower &* scratch.sortedPitch, rows + upper &* scratch.sortedPitch)
            for lane in 0..<tile.laneCount {
                scratch.results[lane] = Element(interpolate(low[lane].double, high[lane].double, weight))
            }
            tile.passOnNaN(scratch)
            return
        }
        for lane in 0..<tile.laneCount { scratch.results[lane] = quantile(tile, lane, lower, upper, weight, scratch) }
    }

    private func quantile(
        _ tile: WindowTile<Element>, _ lane: Int, _ lower: Int, _ upper: Int, _ weight: Double,
        _ scratch: WindowScratch<Element>
    ) -> Element {
        guard let cells = tile.cells(at: lower, upper, ofLane: lane, scratch) else { return .nan }
        let value = Element(interpolate(cells.lower.double, cells.upper.double, weight))
        guard value == 0, let taps = tile.taps(at: lower, upper, ofLane: lane, scratch) else { return value }
        // -0 and +0 are equal, and change places.
        return Element(interpolate(tile[taps.lower, lane].double, tile[taps.upper, lane].double, weight))
    }

    /// As numpy's lerp: from the nearer end, so that both ends are exact.
    private func interpolate(_ low: Double, _ high: Double, _ weight: Double) -> Double {
        if weight == 0 { return low }
        if weight == 1 { return high }
        let difference = high - low
        return weight < 0.5 ? low + difference * weight : high - difference * (1 - weight)
    }

    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let (lower, upper, weight) = ranks(tile.tapCount)
        if tile.tapCount <= WindowTile<Element>.sideBySide {
            return differentiateSideBySide(tile, lower, upper, weight, scratch)
        }
        scratch.gradients.update(repeating: 0, count: tile.tapCount * tile.laneCapacity)
        for lane in 0..<tile.laneCount {
            guard let taps = tile.taps(at: lower, upper, ofLane: lane, scratch) else { continue }
            let incoming = scratch.incoming[lane].double
            scratch.gradients[taps.lower * tile.laneCapacity + lane] += Element(incoming * (1 - weight))
            scratch.gradients[taps.upper * tile.laneCapacity + lane] += Element(incoming * weight)
        }
    }

    @inline(__always)
    private func differentiateSideBySide(
        _ tile: WindowTile<Element>, _ lower: Int, _ upper: Int, _ weight: Double, _ scratch: WindowScratch<Element>
    ) {
        let rows = tile.sortedRows(upTo: upper, scratch)
        // The parts of both cells, in rows that nothing else needs any more.
        tile.forEachVector(width: Lanes.scalarCount) { lane in
            let incoming = Element.lanes(scratch.incoming + lane)
            Element.store(incoming * (1 - weight), scratch.results + lane)
            Element.store(incoming * weight, scratch.incoming + lane)
        }
        tile.forEachVector(width: Element.Vector.scalarCount) { lane in
            let hasNaN = tile.hasNaN(lane)
            var first = tile.equal(at: lower, in: rows + lane, scratch)
            var second = tile.equal(at: upper, in: rows + lane, scratch)
            let zeros = Element.Vector(repeating: 0)
            let parts = (
                Element.choose(hasNaN, Element.load(scratch.results + lane), zeros),
                Element.choose(hasNaN, Element.load(scratch.incoming + lane), zeros)
            )
            for tap in 0..<tile.tapCount {
                let cells = Element.load(tile.row(tap) + lane)
                let shares = (
                    Element.choose(first.misses(cells), parts.0, zeros),
                    Element.choose(second.misses(cells), parts.1, zeros)
                )
                Element.store(
                    Element.sum(shares.0, shares.1), scratch.gradients + (tap &* tile.laneCapacity &+ lane))
            }
        }
    }
}
