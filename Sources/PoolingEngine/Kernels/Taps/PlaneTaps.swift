/// The loops over the cells of whole planes.
enum PlaneTaps {
    /// Planes whose cells are multiplied by the same weights while these are at hand.
    static var together: Int { 4 }

    /// Sums of every eighth cell of each plane.
    struct Sums {
        fileprivate var planes = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
        fileprivate var rest = SIMD4<Double>.zero

        @inline(__always)
        func total(_ plane: Int) -> Double {
            let sums =
                switch plane {
                case 0: planes.0
                case 1: planes.1
                case 2: planes.2
                default: planes.3
                }
            return sums.folded(+)[0] + rest[plane]
        }
    }

    /// Where planes begin; the last one again in place of those that are not there.
    @inline(__always)
    static func starts(_ count: Int, _ first: Int, every step: Int) -> SIMD4<Int> {
        SIMD4(
            first, first &+ min(1, count &- 1) &* step, first &+ min(2, count &- 1) &* step,
            first &+ (count &- 1) &* step)
    }

    /// Calls `body` with one piece of a plane after the other, unless it is stopped.
    ///
    /// - Returns: whether it was not stopped.
    @inline(__always)
    static func forEachPiece(_ count: Int, _ pace: inout Pace, _ body: (Range<Int>) -> Void) -> Bool {
        var first = 0
        while first < count {
            let end = min(first &+ 1 << 16, count)
            body(first..<end)
            guard pace.goesOn(after: end &- first) else { return false }
            first = end
        }
        return true
    }

    @inline(__always)
    static func add<Stored: StoredElement>(
        _ elements: UnsafePointer<Stored>, _ starts: SIMD4<Int>, _ weights: UnsafePointer<Double>, _ cells: Range<Int>,
        to sums: inout Sums
    ) where Stored.Computed: RealElement {
        let (a, b, c, d) = (elements + starts[0], elements + starts[1], elements + starts[2], elements + starts[3])
        var (first, second, third, fourth) = sums.planes
        var cell = cells.lowerBound
        while cell &+ TapSum.width <= cells.upperBound {
            let weights = TapSum.load(weights + cell)
            first += weights * TapSum.widened(a + cell)
            second += weights * TapSum.widened(b + cell)
            third += weights * TapSum.widened(c + cell)
            fourth += weights * TapSum.widened(d + cell)
            cell &+= TapSum.width
        }
        sums.planes = (first, second, third, fourth)
        while cell < cells.upperBound {
            for plane in 0..<together {
                sums.rest[plane] += weights[cell] * elements[starts[plane] &+ cell].computed.double
            }
            cell &+= 1
        }
    }

    @inline(__always)
    static func multiply<Sum: RealElement>(
        _ weights: UnsafePointer<Double>, by gradient: Double, _ cells: Range<Int>,
        into target: UnsafeMutablePointer<Sum>
    ) {
        var cell = cells.lowerBound
        while cell &+ TapSum.width <= cells.upperBound {
            Sum.store(TapSum.load(weights + cell) * gradient, target + cell)
            cell &+= TapSum.width
        }
        while cell < cells.upperBound {
            target[cell] = Sum(weights[cell] * gradient)
            cell &+= 1
        }
    }

    /// Adds the elements of planes, each times its gradient, to `sums`: one plane after the other for each cell.
    @inline(__always)
    static func add<Stored: StoredElement>(
        _ planes: [UnsafePointer<Stored>], times gradients: [Double], _ cells: Range<Int>,
        to sums: UnsafeMutablePointer<Double>
    ) where Stored.Computed: RealElement {
        let width = TapSum.width
        var cell = cells.lowerBound
        if planes.count == 4 {
            let (a, b, c, d) = (planes[0], planes[1], planes[2], planes[3])
            let (e, f, g, h) = (gradients[0], gradients[1], gradients[2], gradients[3])
            while cell &+ width <= cells.upperBound {
                let two = TapSum.load(sums + cell) + TapSum.widened(a + cell) * e + TapSum.widened(b + cell) * f
                Double.store(two + TapSum.widened(c + cell) * g + TapSum.widened(d + cell) * h, sums + cell)
                cell &+= width
            }
        }
        while cell < cells.upperBound {
            for (plane, gradient) in zip(planes, gradients) { sums[cell] += plane[cell].computed.double * gradient }
            cell &+= 1
        }
    }
}
