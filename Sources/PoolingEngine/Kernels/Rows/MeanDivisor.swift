/// What a sum is divided by.
enum MeanDivisor: Sendable {
    case elements, declared
    /// The square root of the number of elements.
    case rootOfElements
    case fixed(Int)

    @inline(__always)
    func number<Element>(_ tile: WindowTile<Element>) -> Double {
        switch self {
        case .elements: Double(tile.tapCount)
        case .declared: Double(tile.declaredCount)
        case .rootOfElements: Double(tile.tapCount).squareRoot()
        case .fixed(let divisor): Double(divisor)
        }
    }

    /// The divisors of windows of `counts` elements without padding.
    @inline(__always)
    func numbers(_ counts: Lanes) -> Lanes {
        switch self {
        case .elements, .declared: counts
        case .rootOfElements: counts.squareRoots
        case .fixed(let divisor): Lanes(repeating: Double(divisor))
        }
    }
}
