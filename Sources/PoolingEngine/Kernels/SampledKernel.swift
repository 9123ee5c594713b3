/// What becomes of the samples of a bin.
enum SampleReduction: Sendable {
    case mean
    case maximum(NaNPolicy)
    /// The largest weighted corner of all samples, as the ONNX node test has it.
    case largestCorner(NaNPolicy)
}

/// Averages or compares bilinear samples (roi_align).
///
/// A sample outside [−1, extent] is 0 and counts. A bin without samples has the value 0 and no gradient. Samples are
/// computed a few hundred at a time, once for all channels.
struct SampledKernel<Stored: StoredElement>: Sendable where Stored.Computed: RealElement {
    typealias Computed = Stored.Computed

    let geometry: SampledGeometry
    let reduction: SampleReduction

    private static var longestRun: Int { 256 }
    private static var mostChannels: Int { 1024 }

    /// One bin of one box, for some channels.
    private struct Bin {
        let box: SampledGeometry.Box
        let row: Int
        let column: Int
        let rows: Range<Int>
        let columns: Range<Int>
        /// Where the first channel's plane begins in the input, and its value in the output.
        let plane: Int
        let place: Int

        /// All samples of the bin.
        var count: Int { box.rows.grid * box.columns.grid }

        /// The number of the first sample that lies outside; nil where all are inside.
        var firstOutside: Int? {
            if rows.isEmpty || columns.isEmpty { return count > 0 ? 0 : nil }
            if rows.lowerBound > 0 || columns.lowerBound > 0 { return 0 }
            if columns.upperBound < box.columns.grid { return columns.upperBound }
            return rows.upperBound < box.rows.grid ? rows.upperBound * box.columns.grid : nil
        }
    }

    /// The largest candidate of one channel so far.
    private struct Champion {
        var value = 0.0
        /// The number of its sample, and with corners which of the four; -1 for none, -2 for one outside.
        var sample = -1
        var corner = 0

        static var none: Int { -1 }
        static var outside: Int { -2 }

        @inline(__always)
        mutating func meet(_ challenger: Double, sample: Int, corner: Int = 0, _ nan: NaNPolicy) {
            let wins =
                nan == .propagate
                ? challenger > value || challenger.isNaN : challenger > value || (value.isNaN && !challenger.isNaN)
            if self.sample == Self.none || wins { (value, self.sample, self.corner) = (challenger, sample, corner) }
        }
    }

    /// Pools the channels in `channels`.
    ///
    /// - Returns: whether it was not stopped.
    func forward(
        _ channels: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        _ cancellation: Cancellation?
    ) -> Bool {
        let (step, outputStep) = (geometry.frame.level.input, geometry.frame.level.output)
        return visit(channels, cancellation) { bin, count in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { values in
                switch reduction {
                case .mean: average(bin, input + bin.plane, step, values)
                case .maximum(let nan): largest(bin, input + bin.plane, step, nan, corners: false, values)
                case .largestCorner(let nan): largest(bin, input + bin.plane, step, nan, corners: true, values)
                }
                for channel in 0..<count {
                    if let value = Stored(rounding: Computed(values[channel])) {
                        output[bin.place &+ channel &* outputStep] = value
                    }
                }
            }
        }
    }

    /// Adds the gradients of the channels in `channels` to `gradInput`.
    ///
    /// - Parameter input: nil for a mean, whose gradient does not depend on the values.
    /// - Returns: whether it was not stopped.
    func backward<Sum: RealElement>(
        _ channels: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> Bool {
        let (step, outputStep) = (geometry.frame.level.input, geometry.frame.level.output)
        return visit(channels, cancellation) { bin, count in
            func incoming(_ channel: Int) -> Double { gradOutput[bin.place &+ channel &* outputStep].computed.double }
            switch (reduction, input) {
            case (.mean, _):
                withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { shares in
                    for channel in 0..<count {
                        shares.initializeElement(at: channel, to: incoming(channel) / Double(bin.count))
                    }
                    forEachRun(of: bin) { samples in
                        forEachPair(samples, channels: count, step) { sample, channel in
                            sample.add(shares[channel], to: gradInput + (bin.plane &+ channel &* step))
                        }
                    }
                }
            case (.maximum(let nan), let input?), (.largestCorner(let nan), let input?):
                let corners = if case .largestCorner = reduction { true } else { false }
                champions(bin, input + bin.plane, step, count, nan, corners: corners) { channel, champion in
                    guard champion.sample >= 0 else { return }
                    let sample = sample(champion.sample, of: bin)
                    let plane = gradInput + (bin.plane &+ channel &* step)
                    if corners {
                        sample.add(incoming(channel), to: plane, corner: champion.corner)
                    } else {
                        sample.add(incoming(channel), to: plane)
                    }
                }
            case (.maximum, nil), (.largestCorner, nil): break
            }
        }
    }

    private func average(
        _ bin: Bin, _ plane: UnsafePointer<Stored>, _ step: Int, _ sums: UnsafeMutableBufferPointer<Double>
    ) {
        sums.initialize(repeating: 0)
        guard bin.count > 0 else { return }
        forEachRun(of: bin) { samples in
            forEachPair(samples, channels: sums.count, step) { sample, channel in
                sums[channel] += sample.value(plane + channel &* step)
            }
        }
        for channel in sums.indices { sums[channel] /= Double(bin.count) }
    }

    /// Calls `body` with each sample of each channel, the samples of a channel in order: channels side by side in memory
    /// for one sample after the other, others one by one.
    @inline(__always)
    private func forEachPair(
        _ samples: UnsafeBufferPointer<Sample>, channels: Int, _ step: Int,
        _ body: (_ sample: Sample, _ channel: Int) -> Void
    ) {
        if step == 1 {
            for sample in samples {
                for channel in 0..<channels { body(sample, channel) }
            }
        } else {
            for channel in 0..<channels {
                for sample in samples { body(sample, channel) }
            }
        }
    }

    private func largest(
        _ bin: Bin, _ plane: UnsafePointer<Stored>, _ step: Int, _ nan: NaNPolicy, corners: Bool,
        _ values: UnsafeMutableBufferPointer<Double>
    ) {
        champions(bin, plane, step, values.count, nan, corners: corners) {
            values.initializeElement(at: $0, to: $1.value)
        }
    }

    /// Calls `body` with the largest candidate of each channel under the rules of `max`.
    private func champions(
        _ bin: Bin, _ plane: UnsafePointer<Stored>, _ step: Int, _ channels: Int, _ nan: NaNPolicy, corners: Bool,
        _ body: (_ channel: Int, Champion) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: Champion.self, capacity: channels) { champions in
            champions.initialize(repeating: Champion())
            var outside = bin.firstOutside
            /// All samples outside are 0, and the first of them is the only one that can win.
            func meetOutside(before sample: Int) {
                guard let first = outside, first < sample else { return }
                for channel in champions.indices { champions[channel].meet(0, sample: Champion.outside, nan) }
                outside = nil
            }
            forEachRun(of: bin) { samples in
                for sample in samples {
                    let number = sample.number
                    meetOutside(before: number)
                    for channel in champions.indices {
                        let cells = plane + channel &* step
                        if corners {
                            let corners = sample.corners(cells)
                            champions[channel].meet(corners.0, sample: number, corner: 0, nan)
                            champions[channel].meet(corners.1, sample: number, corner: 1, nan)
                            champions[channel].meet(corners.2, sample: number, corner: 2, nan)
                            champions[channel].meet(corners.3, sample: number, corner: 3, nan)
                        } else {
                            champions[channel].meet(sample.value(cells), sample: number, nan)
                        }
                    }
                }
            }
            meetOutside(before: .max)
            for channel in champions.indices { body(channel, champions[channel]) }
        }
    }

    /// Calls `body` with the samples inside, in order and a few hundred at a time.
    private func forEachRun(of bin: Bin, _ body: (UnsafeBufferPointer<Sample>) -> Void) {
        withUnsafeTemporaryAllocation(of: Sample.self, capacity: Self.longestRun) { samples in
            var count = 0
            for row in bin.rows {
                let rowTap = bin.box.rows.tap(row, ofBin: bin.row)
                for column in bin.columns {
                    let columnTap = bin.box.columns.tap(column, ofBin: bin.column)
                    samples.initializeElement(
                        at: count,
                        to: Sample(
                            rowTap, columnTap, geometry.frame.inputStrides,
                            number: row * bin.box.columns.grid + column))
                    count += 1
                    if count == samples.count {
                        body(UnsafeBufferPointer(samples))
                        count = 0
                    }
                }
            }
            if count > 0 { body(UnsafeBufferPointer(rebasing: samples[..<count])) }
        }
    }

    private func sample(_ number: Int, of bin: Bin) -> Sample {
        let (row, column) = number.quotientAndRemainder(dividingBy: bin.box.columns.grid)
        return Sample(
            bin.box.rows.tap(row, ofBin: bin.row), bin.box.columns.tap(column, ofBin: bin.column),
            geometry.frame.inputStrides, number: number)
    }

    /// Calls `body` for every bin of every box, with as many channels as are handled at once.
    private func visit(
        _ channels: Range<Int>, _ cancellation: Cancellation?, _ body: (_ bin: Bin, _ channels: Int) -> Void
    ) -> Bool {
        let frame = geometry.frame
        var pace = Pace(cancellation)
        for number in 0..<geometry.boxCount {
            let box = geometry.box(number)
            for row in 0..<box.rows.bins {
                let rows = box.rows.inside(ofBin: row)
                for column in 0..<box.columns.bins {
                    let columns = box.columns.inside(ofBin: column)
                    let bins = zip([row, column], frame.binStrides).reduce(0) { $0 + $1.0 * $1.1 }
                    let place = box.outputBase + row * frame.outputStrides[0] + column * frame.outputStrides[1]
                    var channel = channels.lowerBound
                    while channel < channels.upperBound {
                        let count = min(channels.upperBound - channel, Self.mostChannels)
                        body(
                            Bin(
                                box: box, row: row, column: column, rows: rows, columns: columns,
                                plane: box.inputBase + bins + channel * frame.level.input,
                                place: place + channel * frame.level.output), count)
                        channel += count
                        guard pace.goesOn(after: (rows.count * columns.count + 1) * count * 4) else { return false }
                    }
                }
            }
        }
        return true
    }
}

/// Four neighbours of a sample, as offsets within the plane, and their weights.
private struct Sample {
    var offsets: (Int, Int, Int, Int)
    var weights: (Double, Double, Double, Double)
    /// Its place among all samples of its bin.
    let number: Int

    init(_ row: BilinearTap, _ column: BilinearTap, _ strides: [Int], number: Int) {
        self.number = number
        let (low, high) = (row.low * strides[0], row.high * strides[0])
        let (left, right) = (column.low * strides[1], column.high * strides[1])
        offsets = (low + left, low + right, high + left, high + right)
        weights = (
            row.lowWeight * column.lowWeight, row.lowWeight * column.highWeight,
            row.highWeight * column.lowWeight, row.highWeight * column.highWeight
        )
    }

    /// The four corners with their weights.
    @inline(__always)
    func corners<Stored: StoredElement>(_ plane: UnsafePointer<Stored>) -> (Double, Double, Double, Double)
    where Stored.Computed: RealElement {
        (
            plane[offsets.0].computed.double * weights.0, plane[offsets.1].computed.double * weights.1,
            plane[offsets.2].computed.double * weights.2, plane[offsets.3].computed.double * weights.3
        )
    }

    @inline(__always)
    func value<Stored: StoredElement>(_ plane: UnsafePointer<Stored>) -> Double where Stored.Computed: RealElement {
        let corners = corners(plane)
        return corners.0 + corners.1 + corners.2 + corners.3
    }

    @inline(__always)
    func add<Computed: RealElement>(_ gradient: Double, to plane: UnsafeMutablePointer<Computed>) {
        plane[offsets.0] += Computed(gradient * weights.0)
        plane[offsets.1] += Computed(gradient * weights.1)
        plane[offsets.2] += Computed(gradient * weights.2)
        plane[offsets.3] += Computed(gradient * weights.3)
    }

    func add<Computed: RealElement>(_ gradient: Double, to plane: UnsafeMutablePointer<Computed>, corner: Int) {
        switch corner {
        case 0: plane[offsets.0] += Computed(gradient * weights.0)
        case 1: plane[offsets.1] += Computed(gradient * weights.1)
        case 2: plane[offsets.2] += Computed(gradient * weights.2)
        default: plane[offsets.3] += Computed(gradient * weights.3)
        }
    }
}
