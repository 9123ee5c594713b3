/// One element of each window, picked with a probability proportional to it, or the expectation of that.
///
/// `sample` picks the first element, in row-major order, whose running sum exceeds u·Σx, all in double precision; u is
/// drawn with Philox from the seed and the flat output position. A window of zeros gives 0 and the index -1. A negative
/// element or NaN is an error. `expected` is Σx²/Σx, and 0 with the derivative 0 where all elements are 0.
struct StochasticOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "stochastic", gradient: .indices,
        parameters: [
            ParameterDescriptor(
                "seed", "integer", "unsigned, 64 bits (required to sample)",
                otherNames: ["randomseed", "rng", "key", "generator"]),
            ParameterDescriptor(
                "mode", "string", values: Mode.allCases.map(\.rawValue), default: .string("sample"),
                "pick one element, or the expectation"),
        ],
        summary: "x with probability x / sum x", source: "Zeiler, Fergus 2013",
        otherNames: ["stochasticpool", "stochasticpooling"])

    enum Mode: String, CaseIterable, Sendable {
        case sample, expected
    }

    private let mode: Mode
    private let philox: Philox

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingError) {
        mode = try reader.takeCase("mode", default: Mode.sample)
        let seed = try reader.takeSeed()
        guard seed != nil || mode == .expected || reader.isShapeOnly else {
            throw reader.rejection(.missingField, at: "seed", "'seed' is missing: the seed of the random numbers")
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
                float: Reducer(SamplingReduction<Float>(philox: philox), reads: .folds),
                double: Reducer(SamplingReduction<Double>(philox: philox), reads: .folds))
        case .expected:
            Reducers(float: Reducer(ExpectationReduction<Float>()), double: Reducer(ExpectationReduction<Double>()))
        }
    }
}

extension WindowCells {
    /// The sums of the windows, after reporting elements that are no probabilities.
    @inline(__always)
    fileprivate func probabilitySums() -> Lanes {
        let negated = largest { -$0 }
        if !negated.allLie(within: -.infinity, 0) { report(negated) }
        return sum { $0 }
    }

    @inline(never)
    private func report(_ negated: Lanes) {
        for part in 0..<laneCount where !(negated[part] <= 0) {
            scratch.report(.notAProbability, output: tile.output(ofLane: lane &+ part))
        }
    }
}

private struct SamplingReduction<Element: RealElement>: SelectingReduction {
    let philox: Philox

    func select(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        tile.forEachCells(scratch) { cells in
            let sums = cells.probabilitySums()
            if cells.isSplit {
                let draw = Element(philox.uniform(at: tile.output(ofLane: 0), .stochastic)).double
                scratch.selected[0] = tap(tile, 0, sum: sums[0], draw: draw)
            } else {
                select(cells, sums)
            }
        }
    }

    /// The selected taps of eight windows side by side, as ``tap(_:_:sum:draw:)`` finds them.
    @inline(__always)
    private func select(_ cells: WindowCells<Element>, _ sums: Lanes) {
        let bounds = Element.rounded(philox.uniforms(at: cells.outputs, .stochastic)) * sums
        var (running, selected) = (Lanes.zero, SIMD8<Int64>(repeating: -1))
        var isOpen = Lanes.Mask(repeating: true)
        cells.forEach { tap, x, _ in
            let isCandidate = x .> 0
            running += x.only(where: isCandidate, else: 0)
            selected.replace(with: Int64(tap), where: isCandidate .& isOpen)
            isOpen = isOpen .& .!(running .> bounds)
        }
        UnsafeMutableRawPointer(cells.scratch.selected + cells.lane).storeBytes(of: selected, as: SIMD8<Int64>.self)
        if !sums.allLie(within: 0, .greatestFiniteMagnitude) { selectInfinite(cells, sums) }
    }

    @inline(never)
    private func selectInfinite(_ cells: WindowCells<Element>, _ sums: Lanes) {
        for part in 0..<cells.laneCount where !sums[part].isFinite {
            cells.scratch.selected[cells.lane + part] = tap(cells.tile, cells.lane + part, sum: sums[part], draw: 0)
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

private struct ExpectationReduction<Element: RealElement>: FoldReduction {
    /// Σx and Σx²/Σx of each window.
    @inline(__always)
    private func expectations(_ cells: WindowCells<Element>) -> (sums: Lanes, values: Lanes) {
        let sums = cells.probabilitySums()
        // Divided at once: squares alone could overflow where the expectation does not.
        let values = cells.sum { $0 * ($0 / sums) }
        return (sums, values.replacing(with: 0, where: .!(sums .> 0)))
    }

    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes { expectations(cells).values }

    /// (2x − expectation)/Σx.
    @inline(__always)
    func spread(_ cells: WindowCells<Element>) {
        let (sums, values) = expectations(cells)
        let inverse = (1 / sums).replacing(with: 0, where: .!(sums .> 0))
        cells.spread { x in (x * 2 - values) * inverse }
    }
}
