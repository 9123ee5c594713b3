import RecycledMemory

/// Averages or compares bilinear samples (roi_align).
///
/// A sample outside [−1, extent] is 0 and counts. A bin without samples has the value 0 and no gradient. The cells that
/// bins read along an axis are listed once per box, or a few hundred samples at a time, for all channels.
struct SampledKernel<Stored: StoredElement>: ForwardKernel where Stored.Computed: RealElement {
    typealias Computed = Stored.Computed

    let geometry: SampledGeometry
    let reduction: SampleReduction

    /// Channels that are handled together: where they are neighbours, and where their planes are to stay in the cache.
    static var mostChannels: Int { 64 }
    static var farChannels: Int { 8 }
    /// What it takes to find that a box is not in the samples at hand, in cells.
    static var unitsPerBox: Int { 32 }

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
    func scratch() -> ScratchMemory? { ScratchMemory(byteCount: scratchByteCount) }

    /// A number per channel, behind the lists.
    func perChannel<Number>(_ type: Number.Type, in scratch: ScratchMemory) -> UnsafeMutablePointer<Number> {
        (scratch.start + 2 * SampledCells.byteCount).bindMemory(to: type, capacity: Self.mostChannels)
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
}
