struct MinOp: ExtremumOp {
    typealias Order = Smaller

    let nan: NaNPolicy
    var structure: StructuringElement?
}

/// The smallest element of each window, with a structuring element of each difference x − s.
enum Smaller: ExtremumOrder {
    static let descriptor = OpDescriptor(
        "min", gradient: .indices, supportsIntegers: true, supportsBool: true,
        parameters: [NaNPolicy.parameter, StructuringElement.parameter],
        summary: "the smallest element", source: "flax.linen.min_pool, jax.lax.reduce_window",
        otherNames: ["minimum", "amin", "erode", "erosion", "minpool", "minpooling"])

    static var takesSamples: Bool { false }
    static var sign: Double { -1 }

    static func fold(_ nan: NaNPolicy) -> WindowFold { .smallest(nan) }

    @inline(__always)
    static func beats<Element: Comparable>(_ cell: Element, _ best: Element) -> Bool { cell < best }

    @inline(__always)
    static func isBeaten<E: RowValue>(_ cell: E.Vector, by best: E.Vector, of type: E.Type) -> E.Mask {
        E.isLess(best, cell)
    }
}
