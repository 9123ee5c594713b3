/// One element of each window, picked with a probability proportional to it, or the expectation of that.
///
/// `sample` picks the first element, in row-major order, whose running sum exceeds u·Σx, all in double precision; u is
/// drawn with Philox from the seed and the flat output position. A window of zeros gives 0 and the index -1. A negative
/// element or NaN is an error. `expected` is Σx²/Σx, and 0 with the derivative 0 where all elements are 0.
struct StochasticOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "stochastic", gradient: .mask,
        parameters: [
            ParameterDescriptor("seed", "integer", "unsigned, 64 bits (required to sample)"),
            ParameterDescriptor(
                "mode", "string", values: Mode.allCases.map(\.rawValue), default: .string("sample"),
                "pick one element, or the expectation"),
        ],
        summary: "x with probability x / sum x", source: "Zeiler, Fergus 2013")

    enum Mode: String, CaseIterable, Sendable {
        case sample, expected
    }

    private let mode: Mode
    private let philox: Philox

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingRefusal) {
        mode = try reader.takeCase("mode", default: Mode.sample)
        let seed = try reader.takeSeed()
        guard seed != nil || mode == .expected || reader.isShapeOnly else {
            throw reader.refusal(.missingField, at: "seed", "'seed' is missing: a whole number that fixes the draws")
        }
        philox = Philox(seed: seed ?? 0)
    }

    /// Only a sample names an element.
    var descriptor: OpDescriptor {
        mode == .sample
            ? Self.descriptor
            : OpDescriptor("stochastic", gradient: .input, summary: "sum x^2 / sum x", source: "Zeiler, Fergus 2013")
    }

    /// A window of zeros.
    var canNameNothing: Bool { mode == .sample }

    var reducers: Reducers {
        switch mode {
        case .sample:
            Reducers(
                float: Reducer(SamplingReduction<Float>(philox: philox)),
                double: Reducer(SamplingReduction<Double>(philox: philox)))
        case .expected:
            Reducers(float: Reducer(ExpectationReduction<Float>()), double: Reducer(ExpectationReduction<Double>()))
        }
    }
}

extension WindowTile where Element: RealElement {
    /// The sums of each lane, after reporting elements that are no probabilities.
    @inline(__always)
    fileprivate func probabilitySums(_ scratch: WindowScratch<Element>) -> UnsafeMutablePointer<Double> {
        for lane in 0..<laneCount where !(0..<tapCount).allSatisfy({ self[$0, lane] >= 0 }) {
            scratch.report(.notAProbability, output: output(ofLane: lane))
        }
        return sums(scratch)
    }
}

private struct SamplingReduction<Element: RealElement>: SelectingReduction {
    let philox: Philox

    func select(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let sums = tile.probabilitySums(scratch)
        for lane in 0..<tile.laneCount {
            let draw = Element(philox.uniform(at: tile.output(ofLane: lane), .stochastic)).double
            scratch.selected[lane] = tap(tile, lane, sum: sums[lane], draw: draw)
        }
    }

    private func tap(_ tile: WindowTile<Element>, _ lane: Int, sum: Double, draw: Double) -> Int {
        guard sum.isFinite else {
            // An infinite element has all the probability there is.
            return (0..<tile.tapCount).first { tile[$0, lane] == .infinity } ?? -1
        }
        var running = 0.0
        var last = -1
        for tap in 0..<tile.tapCount where tile[tap, lane] > 0 {
            running += tile[tap, lane].double
            last = tap
            if running > draw * sum { return tap }
        }
        // A draw that rounded up to 1 belongs to the last element that has a probability.
        return last
    }
}

private struct ExpectationReduction<Element: RealElement>: Reduction {
    /// Σx²/Σx of each lane in accumulator 1, Σx in accumulator 0.
    @inline(__always)
    private func expectations(
        _ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>
    ) -> (sums: UnsafeMutablePointer<Double>, values: UnsafeMutablePointer<Double>) {
        let sums = tile.probabilitySums(scratch)
        let values = scratch.accumulator(1)
        tile.forEachTap(scratch) { tap in
            let row = tile.row(tap)
            // Divided at once: squares alone could overflow where the expectation does not.
            for lane in 0..<tile.laneCount where sums[lane] > 0 {
                values[lane] += row[lane].double * (row[lane].double / sums[lane])
            }
        }
        return (sums, values)
    }

    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let (_, values) = expectations(tile, scratch)
        for lane in 0..<tile.laneCount { scratch.results[lane] = Element(values[lane]) }
    }

    /// (2x − expectation)/Σx.
    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let (sums, values) = expectations(tile, scratch)
        tile.spread(scratch) { lane, cell in sums[lane] > 0 ? (2 * cell - values[lane]) / sums[lane] : 0 }
    }
}
