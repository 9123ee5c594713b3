/// The derivatives of Σ w·x with respect to the weights, times the incoming gradients, added up over all windows.
///
/// A work of its own, compiled for its types where it is made.
struct TapDerivatives: Sendable {
    let scratchByteCount: Int
    /// Adds to the sums of a pass, which are in double precision; they may become NaN where a gradient or an element is not
    /// finite.
    let add: @Sendable (BackwardPass) -> DataFault?

    init<Stored: RowElement>(_ rows: TapRows, _ weights: WeightTable, _ type: Stored.Type)
    where Stored.Computed: RealElement, Stored.Row == Stored.Computed {
        self.init(scratchByteCount: rows.inputLengths.byteCount, type) {
            Self.add(rows, weights, $0, $1, $2, $3)
        }
    }

    /// - Parameter count: the elements of each plane, which is one window.
    init<Stored: RowElement>(_ geometry: WindowGeometry, count: Int, _ weights: WeightTable, _ type: Stored.Type)
    where Stored.Computed: RealElement, Stored.Row == Stored.Computed {
        self.init(scratchByteCount: 0, type) { Self.add(geometry, weights, count, $0, $1, $2, $3) }
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
        add = { pass in
            pass.withElements(type, Double.self) { input, gradients, _, sums in
                input.flatMap { body($0, gradients, sums, pass.cancellation) }
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
                let offset = run.output &+ rows.outputOffset(depth, row)
                pass.correlate(with: gradients + offset, run.count, lineCount: taps)
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
