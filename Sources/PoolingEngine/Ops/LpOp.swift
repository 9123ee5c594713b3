/// The p-norm of each window: (Σ|x|^p)^(1/p) over its elements, without overflow where the result fits.
///
/// `p` may be infinite: the largest |x|. Where the norm is 0, and at elements that are 0, the derivative is 0. With
/// `signed`, PyTorch's LPPool to the letter: see ``SignedPowerReduction``.
struct LpOp: LearnableOp {
    static let descriptor = OpDescriptor(
        "lp", gradient: .input,
        parameters: [
            ParameterDescriptor(
                "p", "number|string|list", default: .number(FieldNumber(2)),
                "above 0, or \"Infinity\"; or one per channel"),
            ParameterDescriptor(
                "signed", "boolean", default: .bool(false), "powers without absolute values, scaled as PyTorch does"),
        ],
        summary: "(sum |x|^p)^(1/p)", source: "ONNX LpPool; torch.nn.LPPool2d with signed")

    var parameter: LearnableParameter
    private var p: Double { parameter.first }
    private let isSigned: Bool

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingRefusal) {
        parameter = try reader.takeLearnable("p", default: 2, "above 0, or \"Infinity\"", infinity: true) { $0 > 0 }
        isSigned = try reader.takeBool("signed", default: false)
    }

    var parameterObstacle: String? { isSigned ? "the signed norm has no gradient in p" : nil }

    /// value·(Σ u^p·ln u/(p·Σ u^p) − ln(Σ u^p)/p²), u being magnitudes over the largest; 0 for an infinite p.
    func parameterDerivative(_ cells: WindowCells) -> Double {
        let scale = cells.largest { abs($0) }
        guard scale > 0, scale.isFinite, p.isFinite else { return 0 }
        return PowerSums(cells, p) { abs($0) / scale }.derivative(scale: scale, count: 1)
    }

    /// Powers other than these are the C library's.
    var weight: OpWeight { p == 1 || p == 2 || p.isInfinite ? .powers : .exponentials }

    var reducers: Reducers {
        if p.isInfinite {
            return Reducers(
                float: Reducer(LargestMagnitudeReduction<Float>()),
                double: Reducer(LargestMagnitudeReduction<Double>()))
        }
        if isSigned {
            return Reducers(
                float: Reducer(SignedPowerReduction<Float>(p: p)), double: Reducer(SignedPowerReduction<Double>(p: p)))
        }
        return Reducers(
            float: Reducer(NormReduction<Float>(p: p)), double: Reducer(NormReduction<Double>(p: p)))
    }
}

private struct NormReduction<Element: RealElement>: Reduction {
    let p: Double

    /// The norm of each lane, in accumulator 1.
    @inline(__always)
    private func norms(
        _ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>
    ) -> UnsafeMutablePointer<Double> {
        let scales = tile.largest(scratch, row: 0) { abs($0) }
        let norms = scratch.accumulator(1)
        tile.forEachTap(scratch) { tap in
            let row = tile.row(tap)
            for lane in 0..<tile.laneCount { norms[lane] += Libm.power(abs(row[lane].double) / scales[lane], p) }
        }
        for lane in 0..<tile.laneCount {
            // A window of zeros, of infinities or with NaN is its own scale.
            let isPlain = scales[lane] > 0 && scales[lane] < .infinity
            norms[lane] = isPlain ? scales[lane] * Libm.power(norms[lane], 1 / p) : scales[lane]
        }
        return norms
    }

    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let norms = norms(tile, scratch)
        for lane in 0..<tile.laneCount { scratch.results[lane] = Element(norms[lane]) }
    }

    /// sign(x)·(|x|/norm)^(p−1).
    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let norms = norms(tile, scratch)
        tile.spread(scratch) { lane, cell in
            if cell == 0 || norms[lane] == 0 { return 0 }
            return (cell < 0 ? -1 : 1) * Libm.power(abs(cell) / norms[lane], p - 1)
        }
    }
}

/// The largest magnitude; its whole gradient goes to the first element that has it.
private struct LargestMagnitudeReduction<Element: RealElement>: Reduction {
    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let largest = tile.largest(scratch, row: 0) { abs($0) }
        for lane in 0..<tile.laneCount { scratch.results[lane] = Element(largest[lane]) }
    }

    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let largest = tile.largest(scratch, row: 0) { abs($0) }
        for lane in 0..<tile.laneCount {
            var isOpen = true
            tile.forEachTap(scratch) { tap in
                let cell = tile[tap, lane].double
                let isFirst = isOpen && abs(cell) == largest[lane] && cell != 0
                isOpen = isOpen && !isFirst
                let incoming = scratch.incoming[lane]
                scratch.gradients[tap &* tile.laneCapacity &+ lane] = isFirst ? (cell < 0 ? -incoming : incoming) : 0
            }
        }
    }
}

/// PyTorch's LPPool: s^(1/p) with s = K·mean x^p, without absolute values.
///
/// K is the size of the kernel, and the mean counts declared padding, so a window that `ceil_mode` clips is scaled up.
/// NaN where s < 0 and p ≠ 1; where s = 0 the derivative is 0. Powers are taken in the element's own precision, so that
/// they overflow where PyTorch's do.
private struct SignedPowerReduction<Element: RealElement>: Reduction {
    let p: Double

    @inline(__always)
    private func scaledSums(
        _ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>
    ) -> UnsafeMutablePointer<Double> {
        let sums = scratch.accumulator(0)
        tile.forEachTap(scratch) { tap in
            let row = tile.row(tap)
            for lane in 0..<tile.laneCount { sums[lane] += Element(signedPower(row[lane].double, p)).double }
        }
        for lane in 0..<tile.laneCount { sums[lane] = Element(sums[lane] * scale(tile)).double }
        return sums
    }

    @inline(__always)
    private func signedPower(_ x: Double, _ y: Double) -> Double { y == 1 ? x : y == 2 ? x * x : Libm.pow(x, y) }

    @inline(__always)
    private func scale(_ tile: WindowTile<Element>) -> Double {
        Double(tile.kernelCount) / Double(tile.declaredCount)
    }

    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let sums = scaledSums(tile, scratch)
        for lane in 0..<tile.laneCount {
            scratch.results[lane] = Element(p == 1 ? sums[lane] : Libm.pow(sums[lane], 1 / p))
        }
    }

    /// K/n · s^(1/p − 1) · x^(p − 1).
    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let sums = scaledSums(tile, scratch)
        let scale = scale(tile)
        tile.spread(scratch) { lane, cell in
            if sums[lane] == 0 { return 0 }
            if p == 1 { return scale }
            return scale * Libm.pow(sums[lane], 1 / p - 1) * signedPower(cell, p - 1)
        }
    }
}
