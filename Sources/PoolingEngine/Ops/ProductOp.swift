/// The product of each window's elements, in row-major order.
///
/// Overflow is an infinity; an exact integer product that its type cannot hold is an error. The derivative with respect
/// to one element is the product of the others, also where elements are 0.
struct ProductOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "product", gradient: .input, supportsIntegers: true,
        summary: "the product of the elements", source: "jax.lax.reduce_window with lax.mul")

    static var staysInRange: Bool { false }

    init(_ reader: inout FieldReader, _ context: OpContext) {}

    var reducers: Reducers {
        Reducers(
            float: Reducer(ProductReduction<Float>()), double: Reducer(ProductReduction<Double>()),
            integer: { Reducer(IntegerProductReduction()) })
    }
}

private struct ProductReduction<Element: RealElement>: Reduction {
    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let products = scratch.results
        for lane in 0..<tile.laneCount { products[lane] = tile[0, lane] }
        tile.forEachTap(scratch, from: 1) { tap in
            let row = tile.row(tap)
            for lane in 0..<tile.laneCount { products[lane] *= row[lane] }
        }
    }

    /// The products of all cells before, then times all cells after: no division, so zeros are no special case.
    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        for lane in 0..<tile.laneCount {
            var before = scratch.incoming[lane]
            tile.forEachTap(scratch) { tap in
                scratch.gradients[tap &* tile.laneCapacity &+ lane] = before
                before *= tile[tap, lane]
            }
            var after: Element = 1
            for tap in (0..<tile.tapCount).reversed() {
                scratch.gradients[tap &* tile.laneCapacity &+ lane] *= after
                after *= tile[tap, lane]
            }
        }
    }
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

    // Gradients are refused for integer tensors while planning.
    func differentiate(_ tile: WindowTile<Int64>, _ scratch: WindowScratch<Int64>) {}
}
