/// Σ w·x over whole planes, whose cells follow each other as the weights do: a dot product for each plane.
struct PlaneTapKernel<Stored: RowElement>: ForwardKernel
where Stored.Computed: RealElement, Stored.Row == Stored.Computed {
    private let geometry: WindowGeometry
    private let weights: WeightTable
    private let count: Int

    var name: String { "taps.plane" }
    var units: WorkUnits { WorkUnits(count: geometry.planeCount, group: PlaneTaps.together) }
    var scratchByteCount: Int { 0 }

    /// Nil unless each plane is one window, without gaps.
    init?(_ geometry: WindowGeometry, _ weights: WeightTable) {
        guard let count = geometry.densePlane else { return nil }
        (self.geometry, self.weights, self.count) = (geometry, weights, count)
    }

    func forward(
        _ units: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?, _ cancellation: Cancellation?
    ) -> DataFault? {
        var pace = Pace(cancellation)
        var goesOn = true
        return weights.withTable { table in
            let lane = geometry.lane
            geometry.forEachRun(in: units, longest: weights.planesTogether(lane)) { run in
                let weights = table + run.channel &* (weights.perChannel ?? 0)
                let starts = PlaneTaps.starts(run.count, run.input, every: lane.input)
                var sums = PlaneTaps.Sums()
                goesOn = PlaneTaps.forEachPiece(count, &pace) {
                    PlaneTaps.add(input, starts, weights, $0, to: &sums)
                }
                for plane in 0..<run.count {
                    let value = Stored.Computed(sums.total(plane))
                    output[run.output &+ plane &* lane.output] = Stored(folded: value)
                }
                return goesOn
            }
            return goesOn ? nil : DataFault.stopped
        }
    }
}

/// Sends the gradients of Σ w·x over whole planes back.
struct PlaneTapGradientKernel<Stored: RowElement, Sum: RealElement>: BackwardKernel
where Stored.Computed: RealElement, Stored.Row == Stored.Computed {
    private let geometry: WindowGeometry
    private let weights: WeightTable
    let count: Int

    var name: String { "taps.plane" }
    var units: WorkUnits { WorkUnits(planesOf: geometry, group: 1) }
    var addsOnly: Bool { false }
    var scratchByteCount: Int { 0 }

    /// Nil unless each plane is one window, without gaps.
    init?(_ geometry: WindowGeometry, _ weights: WeightTable) {
        guard let count = geometry.densePlane else { return nil }
        (self.geometry, self.weights, self.count) = (geometry, weights, count)
    }

    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        indices: UnsafePointer<Int64>?, gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> DataFault? {
        var pace = Pace(cancellation)
        var goesOn = true
        return weights.withTable { table in
            geometry.forEachRun(in: planes, longest: 1) { run in
                let weights = table + run.channel &* (weights.perChannel ?? 0)
                let (gradient, target) = (gradOutput[run.output].computed.double, gradInput + run.input)
                goesOn = PlaneTaps.forEachPiece(count, &pace) { cells in
                    PlaneTaps.multiply(weights, by: gradient, cells, into: target)
                }
                return goesOn
            }
            return goesOn ? nil : DataFault.stopped
        }
    }
}

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

extension WeightTable {
    /// Planes that follow each other and have the same weights.
    func planesTogether(_ lane: PlaneLevel) -> Int {
        perChannel == nil || lane.channel == 0 ? PlaneTaps.together : 1
    }
}

extension WindowGeometry {
    /// The elements of each plane, where they follow each other and are one window; nil elsewhere.
    var densePlane: Int? {
        guard laneStarts == nil, planeCount > 0, evenStep == 1 else { return nil }
        return axes.reduce(1) { $0 * $1.input }
    }
}
