/// The products of all cells of windows but one, from the product of those that are not 0 and the number of zeros.
struct OtherProducts {
    private let ofNumbers: Lanes
    private let ofZeros: Lanes
    /// Where the product is out of range, or no number.
    let isUnknown: Lanes.Mask
    let areKnown: Bool

    /// Products within it, times or over any cell and gradient of a `Float`, are normal numbers.
    private static var range: ClosedRange<Double> { 1e-200...1e200 }

    @inline(__always)
    init(product: Lanes, zeros: Lanes) {
        ofNumbers = product.replacing(with: 0, where: zeros .!= 0)
        ofZeros = product.replacing(with: 0, where: zeros .!= 1)
        let size = product.magnitude
        isUnknown = .!((size .>= Self.range.lowerBound) .& (size .<= Self.range.upperBound))
        areKnown = size.allLie(within: Self.range.lowerBound, Self.range.upperBound)
    }

    /// A cell's factor of the product.
    @inline(__always)
    static func factor(_ x: Lanes) -> Lanes { x.replacing(with: 1, where: x .== 0) }

    /// What a cell adds to the number of zeros.
    @inline(__always)
    static func zero(_ x: Lanes) -> Lanes { Lanes.zero.replacing(with: 1, where: x .== 0) }

    /// The derivatives of products over the cells, times gradients.
    @inline(__always)
    func slopes(_ incoming: Lanes) -> (ofNumbers: Lanes, ofZeros: Lanes) { (ofNumbers * incoming, ofZeros * incoming) }

    @inline(__always)
    func callAsFunction(_ x: Lanes) -> Lanes { (ofNumbers / x).replacing(with: ofZeros, where: x .== 0) }
}
