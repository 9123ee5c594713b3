/// The deviations of the cells of windows from their means, and the sums of their squares.
///
/// In two passes and from the first cell on, so that nothing cancels and equal cells deviate by exactly 0. Cells are
/// scaled where squares would overflow or vanish.
struct Deviation<Element: RealElement> {
    /// A power of two near the largest magnitude, or 1, and its inverse.
    private(set) var scale = Lanes(repeating: 1)
    private var inverse = Lanes(repeating: 1)
    /// Of cells over the scale.
    private(set) var squares = Lanes.zero
    private var origin = Lanes.zero
    /// From the origin to the mean, over the scale.
    private var shift = Lanes.zero

    /// Of squares that have lost nothing.
    @inline(__always)
    init(squares: Lanes) { self.squares = squares }

    @inline(__always)
    init(_ cells: WindowCells<Element>) {
        measure(cells)
        guard !Element.areSafe(squares) else { return }
        let largest = cells.largest { $0.magnitude }
        let powers = Lanes(bits: largest.bits & 0x7FF0_0000_0000_0000)
        let near = powers.replacing(with: .leastNormalMagnitude, where: largest .< Double.leastNormalMagnitude)
        let isScaled = (largest .> 0) .& (largest .< Double.infinity) .& .!Element.safe(squares)
        scale = Lanes(repeating: 1).replacing(with: near, where: isScaled)
        inverse = 1 / scale
        measure(cells)
    }

    @inline(__always)
    private mutating func measure(_ cells: WindowCells<Element>) {
        let (inverse, origin) = (inverse, cells.first * inverse)
        let shift = cells.sum { $0 * inverse - origin } / Double(cells.count)
        squares = cells.sum { cell in
            let deviation = cell * inverse - origin - shift
            return deviation * deviation
        }
        (self.origin, self.shift) = (origin, shift)
    }

    /// Spreads `derivative(deviation)`, where deviations are over the scale.
    @inline(__always)
    func spread(_ cells: WindowCells<Element>, _ derivative: (Lanes) -> Lanes) {
        let (inverse, origin, shift) = (inverse, origin, shift)
        cells.spread { derivative($0 * inverse - origin - shift) }
    }
}
