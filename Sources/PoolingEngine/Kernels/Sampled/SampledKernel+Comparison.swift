import RecycledMemory

/// Samples that are compared, one after the other.
extension SampledKernel {
    /// The largest candidate of one channel so far.
    struct Selection {
        var value: Double
        /// Four times the index of its sample among those inside, plus the corner; -1 for a sample outside.
        var index = 0

        static var outside: Int { -1 }

        /// The first sample inside, which is selected where no candidate is more than −∞, or where none is a number.
        @inline(__always)
        init(_ nan: NaNPolicy) { value = nan == .propagate ? -.infinity : .nan }

        @inline(__always)
        mutating func meet(_ candidate: Double, index: Int, _ nan: NaNPolicy) {
            // Only NaN is not itself; `isNaN` tests bits one group after the other.
            let isSelected =
                nan == .propagate
                ? candidate > value || candidate != candidate
                : candidate > value || (value != value && candidate == candidate)
            value = isSelected ? candidate : value
            self.index = isSelected ? index : self.index
        }
    }

    /// How samples are compared; nil for a mean.
    var comparison: (nan: NaNPolicy, corners: Bool)? {
        switch reduction {
        case .mean: nil
        case .maximum(let nan): (nan, false)
        case .largestCorner(let nan): (nan, true)
        }
    }

    /// Calls `body` with the largest candidate of each bin and channel under the rules of `max`.
    @inline(__always)
    func selections(
        _ work: BoxChannels, _ input: UnsafePointer<Stored>, _ comparison: (nan: NaNPolicy, corners: Bool),
        _ cancellation: Cancellation?, _ body: (_ bin: Bin, _ channel: Int, Selection) -> Void
    ) -> DataFault? {
        let (nan, step) = (comparison.nan, geometry.frame.level.input)
        guard let scratch = scratch() else { return .outOfMemory }
        let selections = perChannel(Selection.self, in: scratch)
        return visit(work, scratch, cancellation) { bin in
            for channel in 0..<bin.channels { selections[channel] = Selection(nan) }
        } piece: { bin, piece in
            let outside = bin.firstOutside ?? -1
            @inline(__always)
            func meet(_ sample: Sample, _ plane: UnsafePointer<Stored>, _ selection: inout Selection) {
                // All samples outside are 0, and the first of them is the only one that can be selected.
                if sample.index == outside { selection.meet(0, index: Selection.outside, nan) }
                let corners = sample.corners(plane)
                let index = 4 &* sample.index
                if comparison.corners {
                    selection.meet(corners.0, index: index, nan)
                    selection.meet(corners.1, index: index &+ 1, nan)
                    selection.meet(corners.2, index: index &+ 2, nan)
                    selection.meet(corners.3, index: index &+ 3, nan)
                } else {
                    selection.meet(corners.0 + corners.1 + corners.2 + corners.3, index: index, nan)
                }
            }
            let plane = input + bin.plane
            forEachSample(of: piece) { sample in
                for channel in 0..<bin.channels { meet(sample, plane + channel &* step, &selections[channel]) }
            }
        } end: { bin in
            let isLast = bin.firstOutside == bin.insideCount
            for channel in 0..<bin.channels {
                if isLast { selections[channel].meet(0, index: Selection.outside, nan) }
                body(bin, channel, selections[channel])
            }
        }
    }

    /// Calls `body` with the samples of a piece, in order.
    @inline(__always)
    private func forEachSample(of piece: Piece, _ body: (Sample) -> Void) {
        var index = piece.first
        for row in 0..<piece.rows.count / 2 {
            let (low, high) = (piece.rows[2 &* row], piece.rows[2 &* row &+ 1])
            for column in 0..<piece.columns.count / 2 {
                let (left, right) = (piece.columns[2 &* column], piece.columns[2 &* column &+ 1])
                body(Sample(index: index, low: low, high: high, left: left, right: right))
                index &+= 1
            }
        }
    }

    /// A sample between four cells.
    private struct Sample {
        /// How many samples inside precede it.
        let index: Int
        let low: SampledCell
        let high: SampledCell
        let left: SampledCell
        let right: SampledCell

        /// The four cells with their weights.
        @inline(__always)
        func corners(_ plane: UnsafePointer<Stored>) -> (Double, Double, Double, Double) {
            @inline(__always)
            func corner(_ row: SampledCell, _ column: SampledCell) -> Double {
                plane[row.offset &+ column.offset].computed.double * (row.weight * column.weight)
            }
            return (corner(low, left), corner(low, right), corner(high, left), corner(high, right))
        }
    }
}
