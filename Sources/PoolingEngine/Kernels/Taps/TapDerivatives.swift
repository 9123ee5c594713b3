/// The derivatives of Σ w·x with respect to the weights, times the incoming gradients, added up over all windows.
///
/// A work of its own, compiled for its types where it is made.
struct TapDerivatives: Sendable {
    let scratchByteCount: Int
    private let work: @Sendable (Tensor, Tensor, Tensor, Cancellation?) -> DataFault?

    /// Adds to `sums`, which are in double precision; sums may be NaN where a gradient or an element is not finite.
    func add(_ input: Tensor, _ gradOutput: Tensor, _ sums: Tensor, _ cancellation: Cancellation?) -> DataFault? {
        work(input, gradOutput, sums, cancellation)
    }

    /// Nil where windows have several sizes, or weights differ among planes that stand side by side.
    static func first<Stored: StoredElement>(
        _ geometry: WindowGeometry, _ weights: WeightTable, _ type: Stored.Type
    ) -> TapDerivatives? {
        switch Stored.self {
        case is Float.Type: made(geometry, weights, Float.self)
        case is Double.Type: made(geometry, weights, Double.self)
        case is StoredFloat16.Type: made(geometry, weights, StoredFloat16.self)
        case is StoredBFloat16.Type: made(geometry, weights, StoredBFloat16.self)
        default: nil
        }
    }

    private static func made<Stored: RowElement>(
        _ geometry: WindowGeometry, _ weights: WeightTable, _ type: Stored.Type
    ) -> TapDerivatives? where Stored.Computed: RealElement, Stored.Row == Stored.Computed {
        if let count = geometry.densePlane {
            return TapDerivatives(scratchByteCount: 0, type) { input, gradients, sums, cancellation in
                add(geometry, weights, count, input, gradients, sums, cancellation)
            }
        }
        guard let rows = TapRows(geometry, weights) else { return nil }
        return TapDerivatives(scratchByteCount: rows.inputLengths.byteCount, type) {
            input, gradients, sums, cancellation in
            add(rows, weights, input, gradients, sums, cancellation)
        }
    }

    @inline(__always)
    private init<Stored: StoredElement>(
        scratchByteCount: Int, _ type: Stored.Type,
        _ body:
            @escaping @Sendable (
                UnsafePointer<Stored>, UnsafePointer<Stored>, UnsafeMutablePointer<Double>, Cancellation?
            ) -> DataFault?
    ) {
        self.scratchByteCount = scratchByteCount
        work = { input, gradOutput, sums, cancellation in
            input.withElements(as: Stored.self) { input in
                gradOutput.withElements(as: Stored.self) { gradients in
                    sums.withMutableElements(as: Double.self) { sums -> DataFault? in
                        guard let input = input.baseAddress, let gradients = gradients.baseAddress,
                            let sums = sums.baseAddress
                        else { return nil }
                        return body(input, gradients, sums, cancellation)
                    }
                }
            }
        }
    }

    /// Rows of windows one after the other; eight sums for each tap, which are added up where the weights change.
    private static func add<Stored: RowElement>(
        _ rows: TapRows, _ weights: WeightTable, _ input: UnsafePointer<Stored>, _ gradients: UnsafePointer<Stored>,
        _ sums: UnsafeMutablePointer<Double>, _ cancellation: Cancellation?
    ) -> DataFault? where Stored.Computed: RealElement, Stored.Row == Stored.Computed {
        guard let pass = TapPass<Stored>(rows) else { return .outOfMemory }
        var target = 0
        let fault = rows.forEachRun(0..<rows.geometry.planeCount, cancellation) { run, pace in
            let next = run.channel &* (weights.perChannel ?? 0)
            if next != target { pass.addSums(to: sums + target) }
            target = next
            pass.clear()
            return TapRows.forEachRow(rows.depth.output, rows.rows.output) { depth, row in
                let taps = pass.list(input + run.input, run.count, depth, row, nil)
                let place = run.output &+ rows.outputPlace(depth, row)
                pass.correlate(with: gradients + place, run.count, lineCount: taps)
                return pace.goesOn(after: taps &* rows.columns.output &* run.count)
            }
        }
        pass.addSums(to: sums + target)
        return fault
    }

    /// Whole planes, four at a time where they have the same weights.
    private static func add<Stored: RowElement>(
        _ geometry: WindowGeometry, _ weights: WeightTable, _ count: Int, _ input: UnsafePointer<Stored>,
        _ gradients: UnsafePointer<Stored>, _ sums: UnsafeMutablePointer<Double>, _ cancellation: Cancellation?
    ) -> DataFault? where Stored.Computed: RealElement, Stored.Row == Stored.Computed {
        var pace = Pace(cancellation)
        var goesOn = true
        let lane = geometry.lane
        geometry.forEachRun(in: 0..<geometry.planeCount, longest: weights.planesTogether(lane)) { run in
            let planes = (0..<run.count).map { input + (run.input &+ $0 &* lane.input) }
            let shares = (0..<run.count).map { gradients[run.output &+ $0 &* lane.output].computed.double }
            let target = sums + run.channel &* (weights.perChannel ?? 0)
            goesOn = PlaneTaps.forEachPiece(count, &pace) { PlaneTaps.add(planes, times: shares, $0, to: target) }
            return goesOn
        }
        return goesOn ? nil : .stopped
    }
}
