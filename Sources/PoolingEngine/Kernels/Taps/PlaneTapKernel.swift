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
        indices: IndexNumbers?, gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
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
