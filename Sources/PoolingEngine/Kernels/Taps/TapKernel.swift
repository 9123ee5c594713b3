/// Σ w·x of windows of one size and step, many windows of a row at once.
///
/// The products are added up in row-major order of the window, as where windows are gathered; padding
/// adds zeros.
struct TapKernel<Stored: RowElement>: ForwardKernel
where Stored.Computed: RealElement, Stored.Row == Stored.Computed {
    private let rows: TapRows
    private let weights: WeightTable

    var name: String { rows.name }
    var units: WorkUnits { rows.units }
    var scratchByteCount: Int { rows.inputLengths.byteCount }

    init(_ rows: TapRows, _ weights: WeightTable) { (self.rows, self.weights) = (rows, weights) }

    func forward(
        _ units: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?, _ cancellation: Cancellation?
    ) -> DataFault? {
        guard let pass = TapPass<Stored>(rows) else { return .outOfMemory }
        return weights.withTable { table in
            rows.forEachRun(units, cancellation) { run, pace in
                pass.clear()
                let (plane, table) = (input + run.input, table + run.channel &* (weights.perChannel ?? 0))
                // Elements that are read as whole vectors where they are.
                let isInPlace = Stored.self == Stored.Computed.self && rows.lanes > 1 && run.count % TapSum.width == 0
                return TapRows.forEachRow(rows.depth.output, rows.rows.output) { depth, row in
                    let target = output + (run.output &+ rows.outputOffset(depth, row))
                    var taps = 0
                    if isInPlace {
                        taps = pass.pool(plane, run.count, depth, row, table, to: target)
                    } else {
                        taps = pass.list(plane, run.count, depth, row, table)
                        pass.write(to: target, run.count, lineCount: taps)
                    }
                    return pace.goesOn(after: taps &* rows.columns.output &* run.count)
                }
            }
        }
    }
}

/// Sends gradients of Σ w·x back, row by row of the input: an element gets the sum of its shares, which is rounded once.
struct TapGradientKernel<Stored: RowElement, Sum: RealElement>: BackwardKernel
where Stored.Computed: RealElement, Stored.Row == Stored.Computed {
    private let rows: TapRows
    private let weights: WeightTable
    private let lengths: TapSum.Buffers.Lengths

    var name: String { rows.name }
    var units: WorkUnits { rows.units }
    var addsOnly: Bool { false }
    var scratchByteCount: Int { lengths.byteCount }

    init(_ rows: TapRows, _ weights: WeightTable) {
        (self.rows, self.weights) = (rows, weights)
        lengths = rows.gradientLengths
    }

    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        indices: IndexNumbers?, gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> DataFault? {
        guard let buffers = TapSum.Buffers(lengths) else { return .outOfMemory }
        let pass = TapGradientPass<Stored, Sum>(rows, buffers)
        return weights.withTable { table in
            rows.forEachRun(planes, cancellation) { run, pace in
                pass.clear()
                let (plane, table) = (gradOutput + run.output, table + run.channel &* (weights.perChannel ?? 0))
                return TapRows.forEachRow(rows.depth.input, rows.rows.input) { depth, row in
                    let target = gradInput + (run.input &+ rows.inputOffset(depth, row))
                    let shares = pass.spread(plane, run.count, depth, row, table, to: target)
                    return pace.goesOn(after: (shares &+ 1) &* rows.columns.input &* run.count)
                }
            }
        }
    }
}

extension TapRows {
    fileprivate var name: String { lanes == 1 ? "taps.planar" : "taps.interleaved" }

    /// Calls `body` with one run of planes after the other, until it returns false.
    @inline(__always)
    func forEachRun(
        _ planes: Range<Int>, _ cancellation: Cancellation?,
        while body: (WindowGeometry.PlaneRun, inout Pace) -> Bool
    ) -> DataFault? {
        var pace = Pace(cancellation)
        var goesOn = true
        geometry.forEachRun(in: planes, longest: lanes) { run in
            goesOn = body(run, &pace)
            return goesOn
        }
        return goesOn ? nil : .stopped
    }
}
