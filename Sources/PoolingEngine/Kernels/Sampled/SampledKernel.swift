import RecycledMemory

/// What becomes of the samples of a bin.
enum SampleReduction: Sendable {
    case mean
    case maximum(NaNPolicy)
    /// The largest weighted corner of all samples, as the ONNX node test has it.
    case largestCorner(NaNPolicy)
}

/// Some channels of some boxes: units that are the channels of one box after the other, or of one sample of the batch.
private struct BoxChannels {
    let boxes: Range<Int>
    let units: Range<Int>
    let channels: Int
    let areOfSamples: Bool

    func channels(of box: SampledGeometry.Box, _ number: Int) -> Range<Int> {
        let first = (areOfSamples ? box.sample : number) &* channels
        let start = min(max(units.lowerBound &- first, 0), channels)
        return start..<max(min(units.upperBound &- first, channels), start)
    }
}

/// Averages or compares bilinear samples (roi_align).
///
/// A sample outside [−1, extent] is 0 and counts. A bin without samples has the value 0 and no gradient. The cells that
/// bins read along an axis are listed once per box, or a few hundred samples at a time, for all channels.
struct SampledKernel<Stored: StoredElement>: ForwardKernel where Stored.Computed: RealElement {
    typealias Computed = Stored.Computed

    let geometry: SampledGeometry
    let reduction: SampleReduction

    /// Channels that are handled together: where they are neighbours, and where their planes are to stay in the cache.
    private static var mostChannels: Int { 64 }
    private static var farChannels: Int { 8 }
    /// What it takes to find that a box is not in the samples at hand, in cells.
    private static var unitsPerBox: Int { 32 }

    var name: String { "sampled" }
    /// Channels, box after box.
    var units: WorkUnits { units(of: geometry.boxCount) }
    /// Channels, sample after sample: boxes of one sample may add to the same elements.
    var gradientUnits: WorkUnits { units(of: geometry.inputShape[0]) }

    private func units(of count: Int) -> WorkUnits {
        let channels = geometry.frame.channels
        return WorkUnits(count: count.multipliedSaturating(by: channels), group: 1, row: channels)
    }

    /// Lists of both axes, and a sum or a selection per channel.
    var scratchByteCount: Int { 2 * SampledCells.byteCount + Self.mostChannels * MemoryLayout<Selection>.stride }

    /// The scratch of one slice.
    private func scratch() -> ScratchMemory? { ScratchMemory(byteCount: scratchByteCount) }

    /// A number per channel, behind the lists.
    private func perChannel<Number>(_ type: Number.Type, in scratch: ScratchMemory) -> UnsafeMutablePointer<Number> {
        (scratch.start + 2 * SampledCells.byteCount).bindMemory(to: type, capacity: Self.mostChannels)
    }

    /// One bin of one box, for some channels.
    private struct Bin {
        let box: SampledGeometry.Box
        let row: Int
        let column: Int
        let rows: Range<Int>
        let columns: Range<Int>
        /// Where the first channel's plane begins in the input, and its value in the output.
        let plane: Int
        let output: Int
        let channels: Int

        /// All samples of the bin.
        var count: Int { box.rows.grid * box.columns.grid }

        var insideCount: Int { rows.count * columns.count }

        /// How many samples inside precede the first that lies outside; nil where none does.
        var firstOutside: Int? {
            if insideCount == count { return nil }
            if rows.lowerBound > 0 || columns.lowerBound > 0 || insideCount == 0 { return 0 }
            return columns.upperBound < box.columns.grid ? columns.count : insideCount
        }
    }

    /// Some rows and columns of a bin's samples.
    private struct Piece {
        let rows: UnsafeBufferPointer<SampledCell>
        let columns: UnsafeBufferPointer<SampledCell>
        /// How many samples inside precede them.
        let first: Int
    }

    /// The largest candidate of one channel so far.
    private struct Selection {
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

    func forward(
        _ units: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?, _ cancellation: Cancellation?
    ) -> DataFault? {
        func write(_ value: Double, _ bin: Bin, _ channel: Int) {
            guard let value = Stored(rounding: Computed(value)) else { return }
            output[bin.output &+ channel &* geometry.frame.level.output] = value
        }
        let channels = max(geometry.frame.channels, 1)
        let boxes = units.lowerBound / channels..<(units.upperBound + channels - 1) / channels
        let work = BoxChannels(boxes: boxes, units: units, channels: channels, areOfSamples: false)
        guard let comparison else {
            guard let scratch = scratch() else { return .outOfMemory }
            let sums = perChannel(Double.self, in: scratch)
            return visit(work, scratch, cancellation) { bin in
                for channel in 0..<bin.channels { sums[channel] = 0 }
            } piece: { bin, piece in
                add(piece, of: bin, input + bin.plane, to: sums)
            } end: { bin in
                let count = Double(max(bin.count, 1))
                for channel in 0..<bin.channels { write(sums[channel] / count, bin, channel) }
            }
        }
        return selections(work, input, comparison, cancellation) { bin, channel, selection in
            write(bin.count > 0 ? selection.value : 0, bin, channel)
        }
    }

    /// Adds the gradients of some channels of some samples to `gradInput`.
    ///
    /// - Parameter input: nil for a mean, whose gradient does not depend on the values.
    func backward<Sum: RealElement>(
        _ units: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> DataFault? {
        let (step, outputStep) = (geometry.frame.level.input, geometry.frame.level.output)
        @inline(__always)
        func incoming(_ bin: Bin, _ channel: Int) -> Double {
            gradOutput[bin.output &+ channel &* outputStep].computed.double
        }
        let work = BoxChannels(
            boxes: 0..<geometry.boxCount, units: units, channels: geometry.frame.channels, areOfSamples: true)
        guard let comparison else {
            guard let scratch = scratch() else { return .outOfMemory }
            let shares = perChannel(Double.self, in: scratch)
            return visit(work, scratch, cancellation) { bin in
                for channel in 0..<bin.channels { shares[channel] = incoming(bin, channel) / Double(bin.count) }
            } piece: { bin, piece in
                for row in piece.rows {
                    for column in piece.columns {
                        let weight = row.weight * column.weight
                        let cells = gradInput + (bin.plane &+ row.offset &+ column.offset)
                        for channel in 0..<bin.channels { cells[channel &* step] += Sum(shares[channel] * weight) }
                    }
                }
            } end: { _ in
            }
        }
        guard let input else { return nil }
        return selections(work, input, comparison, cancellation) { bin, channel, selection in
            guard selection.index != Selection.outside, bin.insideCount > 0 else { return }
            let (sample, selectedCorner) = selection.index.quotientAndRemainder(dividingBy: 4)
            let (row, column) = sample.quotientAndRemainder(dividingBy: bin.columns.count)
            let rows = bin.box.rows.cells(
                ofSample: bin.rows.lowerBound &+ row, ofBin: bin.row, geometry.frame.inputStrides[0])
            let columns = bin.box.columns.cells(
                ofSample: bin.columns.lowerBound &+ column, ofBin: bin.column, geometry.frame.inputStrides[1])
            let (plane, gradient) = (gradInput + (bin.plane &+ channel &* step), incoming(bin, channel))
            func add(_ row: SampledCell, _ column: SampledCell, corner: Int) {
                guard !comparison.corners || corner == selectedCorner else { return }
                plane[row.offset &+ column.offset] += Sum(gradient * (row.weight * column.weight))
            }
            add(rows.low, columns.low, corner: 0)
            add(rows.low, columns.high, corner: 1)
            add(rows.high, columns.low, corner: 2)
            add(rows.high, columns.high, corner: 3)
        }
    }

    /// How samples are compared; nil for a mean.
    private var comparison: (nan: NaNPolicy, corners: Bool)? {
        switch reduction {
        case .mean: nil
        case .maximum(let nan): (nan, false)
        case .largestCorner(let nan): (nan, true)
        }
    }

    /// Adds the weighted cells of a piece to the sums of the channels.
    @inline(__always)
    private func add(
        _ piece: Piece, of bin: Bin, _ plane: UnsafePointer<Stored>, to sums: UnsafeMutablePointer<Double>
    ) {
        let step = geometry.frame.level.input
        for row in piece.rows {
            for column in piece.columns {
                let (cells, weight) = (plane + (row.offset &+ column.offset), row.weight * column.weight)
                if step == 1 {
                    for channel in 0..<bin.channels { sums[channel] += cells[channel].computed.double * weight }
                } else {
                    for channel in 0..<bin.channels {
                        sums[channel] += cells[channel &* step].computed.double * weight
                    }
                }
            }
        }
    }

    /// Calls `body` with the largest candidate of each bin and channel under the rules of `max`.
    @inline(__always)
    private func selections(
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

    /// Visits every bin of every box, with as many channels as are handled at once, and the samples of a bin in pieces.
    ///
    /// Where whole axes are listed, all bins of some planes come before the next planes, unless channels are
    /// neighbours.
    @inline(__always)
    private func visit(
        _ work: BoxChannels, _ scratch: ScratchMemory, _ cancellation: Cancellation?, begin: (Bin) -> Void,
        piece body: (Bin, Piece) -> Void, end: (Bin) -> Void
    ) -> DataFault? {
        let frame = geometry.frame
        let merges = comparison == nil
        var pace = Pace(cancellation)
        defer { withExtendedLifetime(scratch) {} }
        var rows = SampledCells(merging: merges, frame.inputStrides[0], in: scratch.start)
        var columns = SampledCells(merging: merges, frame.inputStrides[1], in: scratch.start + SampledCells.byteCount)
        for number in work.boxes {
            let box = geometry.box(number)
            let channels = work.channels(of: box, number)
            guard !channels.isEmpty else {
                guard pace.goesOn(after: Self.unitsPerBox) else { return .stopped }
                continue
            }
            rows.move(to: box.rows)
            columns.move(to: box.columns)
            let isFar = frame.level.input != 1 && rows.isWhole && columns.isWhole
            let together = isFar ? Self.farChannels : Self.mostChannels
            for channel in stride(from: channels.lowerBound, to: channels.upperBound, by: together) {
                for row in 0..<box.rows.bins {
                    let rowsInside = rows.inside(ofBin: row)
                    for column in 0..<box.columns.bins {
                        var (plane, output) = (box.inputBase, box.outputBase)
                        if !frame.binStrides.isEmpty {
                            plane += row * frame.binStrides[0] + column * frame.binStrides[1]
                        }
                        plane += channel * frame.level.input
                        output += channel * frame.level.output
                        output += row * frame.outputStrides[0] + column * frame.outputStrides[1]
                        let bin = Bin(
                            box: box, row: row, column: column, rows: rowsInside,
                            columns: columns.inside(ofBin: column), plane: plane, output: output,
                            channels: min(channels.upperBound - channel, together))
                        begin(bin)
                        // Samples that are compared come in order.
                        let columnStep = SampledCells.mostSamples
                        let rowStep = merges || bin.columns.count <= columnStep ? columnStep : 1
                        for firstRow in stride(from: bin.rows.lowerBound, to: bin.rows.upperBound, by: rowStep) {
                            let rowEnd = min(firstRow + rowStep, bin.rows.upperBound)
                            for firstColumn in stride(
                                from: bin.columns.lowerBound, to: bin.columns.upperBound, by: columnStep)
                            {
                                let columnEnd = min(firstColumn + columnStep, bin.columns.upperBound)
                                let piece = Piece(
                                    rows: rows.cells(of: firstRow..<rowEnd, ofBin: row),
                                    columns: columns.cells(of: firstColumn..<columnEnd, ofBin: column),
                                    first: (firstRow - bin.rows.lowerBound) * bin.columns.count
                                        + (firstColumn - bin.columns.lowerBound))
                                body(bin, piece)
                                let cells = piece.rows.count * piece.columns.count * bin.channels
                                guard pace.goesOn(after: cells) else { return .stopped }
                            }
                        }
                        end(bin)
                        guard pace.goesOn(after: bin.channels) else { return .stopped }
                    }
                }
            }
        }
        return nil
    }
}
