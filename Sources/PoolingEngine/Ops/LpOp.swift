/// The p-norm of each window: (Σ|x|^p)^(1/p) over its elements, without overflow where the result fits.
///
/// The error is as in ``PowerAvgOp``. `p` may be infinite: the largest |x|. Where the norm is 0, and at elements that are
/// 0, the derivative is 0. With `signed`, as PyTorch's LPPool, without absolute values: see ``SignedPowerReduction``.
struct LpOp: LearnableOp {
    static let descriptor = OpDescriptor(
        "lp", gradient: .input,
        parameters: [
            ParameterDescriptor(
                "p", "number|string|list", default: .number(FieldNumber(2)),
                "above 0, or \"Infinity\"; or one per channel",
                otherNames: ["normtype", "power", "exponent", "ord", "norm"]),
            ParameterDescriptor(
                "signed", "boolean", default: .bool(false), "powers without absolute values, scaled as PyTorch does"),
        ],
        summary: "(sum |x|^p)^(1/p)", source: "ONNX LpPool; torch.nn.LPPool2d with signed",
        otherNames: OtherNames(["l2", "norm", "pnorm", "lppool", "lppooling"]).with("with 'p' 1", ["l1"]))

    var parameter: LearnableParameter
    private var p: Double { parameter.first }
    private let isSigned: Bool

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingError) {
        parameter = try reader.takeLearnable("p", default: 2, "above 0, or \"Infinity\"", infinity: true) { $0 > 0 }
        isSigned = try reader.takeBool("signed", default: false)
    }

    var parameterObstacle: String? { isSigned ? "the signed norm has no gradient in p" : nil }

    /// value·(Σ u^p·ln u/(p·Σ u^p) − ln(Σ u^p)/p²), u being magnitudes over the largest; 0 for an infinite p.
    func parameterDerivative(_ cells: CellValues) -> Double {
        let scale = cells.largest { abs($0) }
        guard scale > 0, scale.isFinite, p.isFinite else { return 0 }
        return PowerSums(cells, p) { abs($0) / scale }.derivative(scale: scale, count: 1)
    }

    /// Powers other than these take a logarithm.
    var weight: OpWeight { p == 1 || p == 2 || p.isInfinite ? .plain : .powers }

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
            float: Reducer(NormReduction<Float>(p: p)).sharing(NormReduction(p: p).kernels),
            double: Reducer(NormReduction<Double>(p: p)))
    }
}

private struct NormReduction<Element: RealElement>: FoldReduction {
    private let power: Power<Element>
    private let root: Power<Element>
    private let slope: Power<Element>

    init(p: Double) {
        (power, root, slope) = (Power(exponent: p), Power(exponent: 1 / p), Power(exponent: p - 1))
    }

    /// The norm as scale · root, the scale of which is 1 where the powers of all cells are in range.
    @inline(__always)
    private func norms(_ cells: WindowCells<Element>) -> (scales: Lanes, roots: Lanes) {
        var (scales, sums) = (Lanes(repeating: 1), Lanes(repeating: .nan))
        if power.isQuick { sums = power.sum(cells) { $0.magnitude } }
        if !Element.areSafe(sums) {
            let isSafe = Element.safe(sums)
            let largest = cells.largest { $0.magnitude }
            // Windows of zeros, of infinities or with NaN are their own scale.
            let isPlain = (largest .> 0) .& (largest .< .infinity)
            let scaled = cells.sum { power($0.magnitude / largest) }
            let known = Lanes(repeating: 1).replacing(with: scaled, where: isPlain)
            scales = largest.replacing(with: scales, where: isSafe)
            sums = known.replacing(with: sums, where: isSafe)
        }
        return (scales, root(sums))
    }

    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes {
        let (scales, roots) = norms(cells)
        return scales * roots
    }

    /// sign(x)·(|x|/norm)^(p−1).
    @inline(__always)
    func spread(_ cells: WindowCells<Element>) {
        let (scales, roots) = norms(cells)
        let inverse = 1 / roots
        @inline(__always)
        func derivative(_ x: Lanes, _ size: Lanes) -> Lanes {
            let slopes = slope(size * inverse)
            let signed = slopes.replacing(with: -slopes, where: x .< 0)
            return signed.replacing(with: 0, where: (x .== 0) .| (scales .== 0))
        }
        if scales.allLie(within: 1, 1) {
            cells.spread { derivative($0, $0.magnitude) }
        } else {
            cells.spread { derivative($0, $0.magnitude / scales) }
        }
    }
}

extension NormReduction: TermDifferentiable {
    typealias Row = Double

    /// Nil where the sum of powers that take a logarithm may be out of range.
    var kernels: TermKernels<Element>? { power.isQuick ? TermKernels(self) : nil }

    @inline(__always)
    func terms(_ x: Lanes) -> Terms { (power.quick(x.magnitude), .zero) }

    @inline(__always)
    func value(_ folded: Terms, counts: Counts) -> (value: Lanes, witness: Lanes) {
        (root(folded.first), folded.first)
    }

    @inline(__always)
    func slopes(_ folded: Terms, counts: Counts, incoming: Lanes) -> (slopes: Terms, witness: Lanes) {
        let slopes = (slope(1 / root(folded.first)) * incoming).replacing(with: 0, where: folded.first .== 0)
        return ((slopes, .zero), folded.first)
    }

    @inline(__always)
    func derivative(_ x: Lanes, _ slopes: Terms) -> Lanes {
        let size = slope(x.magnitude) * slopes.first
        return size.replacing(with: -size, where: x .< 0).replacing(with: 0, where: x .== 0)
    }
}

/// The largest magnitude; its whole gradient goes to the first element that has it.
private struct LargestMagnitudeReduction<Element: RealElement>: FoldReduction {
    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes { cells.largest { $0.magnitude } }

    @inline(__always)
    func spread(_ cells: WindowCells<Element>) {
        let largest = value(cells)
        cells.spreadToFirst { x in
            (x.magnitude .== largest) .& (x .!= 0)
        } derivative: { x in
            Lanes(repeating: 1).replacing(with: -1, where: x .< 0)
        }
    }
}

/// PyTorch's LPPool: s^(1/p) with s = K·mean x^p, without absolute values.
///
/// K is the size of the kernel, and the mean counts declared padding, so a window that `ceil_mode` clips is scaled up.
/// NaN where s < 0 and p ≠ 1; where s = 0 the derivative is 0. Powers are taken in the element's own precision, so that
/// they overflow where PyTorch's do.
private struct SignedPowerReduction<Element: RealElement>: FoldReduction {
    let p: Double

    @inline(__always)
    private func scaledSums(_ cells: WindowCells<Element>) -> Lanes {
        Element.rounded(cells.sum { Element.rounded(signedPower($0, p)) } * scale(cells))
    }

    @inline(__always)
    private func signedPower(_ x: Lanes, _ y: Double) -> Lanes {
        if y == 2 { return x * x }
        if y == 1 { return x }
        var power = x
        Self.takeLibraryPower(&power, y)
        return power
    }

    @inline(never)
    private static func takeLibraryPower(_ x: inout Lanes, _ y: Double) {
        for lane in 0..<Lanes.scalarCount { x[lane] = Libm.pow(x[lane], y) }
    }

    @inline(__always)
    private func scale(_ cells: WindowCells<Element>) -> Double {
        Double(cells.tile.kernelCount) / Double(cells.tile.declaredCount)
    }

    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes { signedPower(scaledSums(cells), 1 / p) }

    /// K/n · s^(1/p − 1) · x^(p − 1).
    @inline(__always)
    func spread(_ cells: WindowCells<Element>) {
        let sums = scaledSums(cells)
        let slopes = p == 1 ? Lanes(repeating: scale(cells)) : signedPower(sums, 1 / p - 1) * scale(cells)
        cells.spread { x in
            let powers = p == 1 ? Lanes(repeating: 1) : signedPower(x, p - 1)
            return (slopes * powers).replacing(with: 0, where: sums .== 0)
        }
    }
}
