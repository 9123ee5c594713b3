/// The product of each window's elements.
///
/// The error is at most n·ε·|result|, ε = 2^-53, before the result is rounded. Overflow is an infinity; an exact integer
/// product that its type cannot hold is an error. The derivative with respect to one element is the product of the
/// others, also where elements are 0.
struct ProductOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "product", gradient: .input, supportsIntegers: true,
        summary: "the product of the elements", source: "jax.lax.reduce_window with lax.mul",
        otherNames: ["prod", "mul", "multiply", "reduceprod"])

    static var staysInRange: Bool { false }

    init(_ reader: inout FieldReader, _ context: OpContext) {}

    var reducers: Reducers {
        Reducers(
            float: Reducer(ProductReduction<Float>())
                .sharing(TermKernels(ProductReduction(), gradient: ProductGradient())),
            double: Reducer(ProductReduction<Double>()),
            integer: { Reducer(IntegerProductReduction()) })
    }
}

/// The product, whatever the terms that it is folded from.
private protocol Product: FoldReduction {}

extension Product {
    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes { cells.product() }

    @inline(__always)
    func spread(_ cells: WindowCells<Element>) { cells.spreadProductsOfOthers() }
}

private struct ProductReduction<Element: RealElement>: Product {}

extension ProductReduction: TermReduction {
    typealias First = ProductFold

    static var neutral: (first: Double, second: Double) { (1, 1) }

    @inline(__always)
    func terms(_ x: Lanes) -> Terms { (x, .zero) }

    @inline(__always)
    func value(_ folded: Terms, counts: Counts) -> (value: Lanes, witness: Lanes) { (folded.first, .zero) }
}

/// The same with the terms of its gradient: the product of the cells that are not 0, and the number of zeros.
private struct ProductGradient<Element: RealElement>: Product {}

extension ProductGradient: TermDifferentiable {
    typealias First = ProductFold

    /// Products of so many pixels, or of normally distributed numbers, still are normal numbers.
    static var mostCells: Int { 128 }
    static var hasSecond: Bool { true }
    static var neutral: (first: Double, second: Double) { (1, 0) }

    @inline(__always)
    func terms(_ x: Lanes) -> Terms { (OtherProducts.factor(x), OtherProducts.zero(x)) }

    @inline(__always)
    func value(_ folded: Terms, counts: Counts) -> (value: Lanes, witness: Lanes) {
        (folded.first.replacing(with: 0, where: folded.second .!= 0), .zero)
    }

    @inline(__always)
    func slopes(_ folded: Terms, counts: Counts, incoming: Lanes) -> (slopes: Terms, witness: Lanes) {
        let others = OtherProducts(product: folded.first, zeros: folded.second)
        let slopes = others.slopes(incoming)
        return ((slopes.ofNumbers, slopes.ofZeros), Lanes.zero.replacing(with: -1, where: others.isUnknown))
    }

    @inline(__always)
    func derivative(_ x: Lanes, _ slopes: Terms) -> Lanes {
        (slopes.first / x).replacing(with: slopes.second, where: x .== 0)
    }
}

/// The product, in double precision.
private enum ProductFold: RowFold {
    static var isSelection: Bool { false }
    @inline(__always) static func fold(_ first: Double, _ second: Double) -> Double { first * second }
    @inline(__always) static func fold(_ first: Lanes, _ second: Lanes) -> Lanes { first * second }
    @inline(__always) static func divided(_ folded: Double, by divisor: Double) -> Double { folded / divisor }
    @inline(__always) static func divided(_ folded: Lanes, by divisors: Lanes) -> Lanes { folded / divisors }
    @inline(__always) static func divisor(_ number: Double) -> Double { number }
}

private struct IntegerProductReduction: Reduction {
    func reduce(_ tile: WindowTile<Int64>, _ scratch: WindowScratch<Int64>) {
        for lane in 0..<tile.laneCount { tile.store(exactProduct(tile, lane), lane, scratch) }
    }

    /// The product, or a value beyond every type: without a zero, magnitudes never shrink again.
    private func exactProduct(_ tile: WindowTile<Int64>, _ lane: Int) -> Int128 {
        var product: Int128 = 1
        var overflows = false
        for tap in 0..<tile.tapCount {
            let cell = tile[tap, lane]
            if cell == 0 { return 0 }
            let (next, overflow) = product.multipliedReportingOverflow(by: Int128(cell))
            overflows = overflows || overflow
            product = overflows ? .max : next
        }
        return product
    }

    // Gradients are rejected for integer tensors while planning.
    func differentiate(_ tile: WindowTile<Int64>, _ scratch: WindowScratch<Int64>) {}
}
