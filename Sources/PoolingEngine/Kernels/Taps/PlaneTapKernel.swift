/// Σ w·x over whole planes, whose cells follow each other as the weights do: a dot product for each plane.
struct PlaneTapKernel<Stored: RowElement>: ForwardKernel
where Stored.Computed: RealElement, Stored.Row == Stored.Computed {
    private let geometry: WindowGeometry
    private let weights: WeightTable
    private let count: Int

    var name: String { "taps.plane" }
    var units: WorkUnits { WorkUnits(count: geometry.planeCount, group: 1) }
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
            geometry.forEachRun(in: units, longest: 1) { run in
                var sums = PlaneTaps.Sums()
                let weights = table + run.channel &* (weights.perChannel ?? 0)
                goesOn = PlaneTaps.forEachPiece(count, &pace) { cells in
                    PlaneTaps.add(input + run.input, weights, cells, to: &sums)
                }
                output[run.output] = Stored(folded: Stored.Computed(sums.total))
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
    private let count: Int

    var name: String { "taps.plane" }
    var planeGroup: Int? { 1 }
    var addsOnly: Bool { false }
    var scratchByteCount: Int { 0 }

    /// Nil unless each plane is one window, without gaps.
    init?(_ geometry: WindowGeometry, _ weights: WeightTable) {
        guard let count = geometry.densePlane else { return nil }
        (self.geometry, self.weights, self.count) = (geometry, weights, count)
    }

    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
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
    /// Sums of every 32nd cell.
    struct Sums {
        fileprivate var first = Lanes.zero
        fileprivate var second = Lanes.zero
        fileprivate var third = Lanes.zero
        fileprivate var fourth = Lanes.zero
        fileprivate var rest = 0.0

        @inline(__always) var total: Double { ((first + second) + (third + fourth)).folded(+)[0] + rest }
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
        _ elements: UnsafePointer<Stored>, _ weights: UnsafePointer<Double>, _ cells: Range<Int>, to sums: inout Sums
    ) where Stored.Computed: RealElement {
        let width = TapSum.width
        @inline(__always)
        func product(_ cell: Int) -> Lanes { TapSum.load(weights + cell) * TapSum.widened(elements + cell) }
        var cell = cells.lowerBound
        while cell &+ 4 &* width <= cells.upperBound {
            sums.first += product(cell)
            sums.second += product(cell &+ width)
            sums.third += product(cell &+ 2 &* width)
            sums.fourth += product(cell &+ 3 &* width)
            cell &+= 4 &* width
        }
        while cell &+ width <= cells.upperBound {
            sums.first += product(cell)
            cell &+= width
        }
        while cell < cells.upperBound {
            sums.rest += weights[cell] * elements[cell].computed.double
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

extension WindowGeometry {
    /// The elements of each plane, where they follow each other and are one window; nil elsewhere.
    var densePlane: Int? {
        guard laneStarts == nil, planeCount > 0, evenStep == 1 else { return nil }
        return axes.reduce(1) { $0 * $1.input }
    }
}
