/// What becomes of the samples of a bin.
enum SampleReduction: Sendable {
    case mean
    case maximum(NaNPolicy)
    /// The largest weighted corner of all samples, as the ONNX node test has it.
    case largestCorner(NaNPolicy)
}

/// Averages or compares bilinear samples (roi_align).
///
/// A sample outside [−1, extent] is 0 and counts. A bin without samples has the value 0 and no gradient.
struct SampledKernel<Stored: StoredElement>: Sendable where Stored.Computed: RealElement {
    typealias Computed = Stored.Computed

    let geometry: SampledGeometry
    let reduction: SampleReduction

    /// Four neighbours of a sample, as offsets within the plane, and their weights.
    private struct Sample {
        var offsets: (Int, Int, Int, Int)
        var weights: (Double, Double, Double, Double)

        init(_ row: BilinearTap, _ column: BilinearTap, _ strides: [Int]) {
            let (low, high) = (row.low * strides[0], row.high * strides[0])
            let (left, right) = (column.low * strides[1], column.high * strides[1])
            offsets = (low + left, low + right, high + left, high + right)
            weights = (
                row.lowWeight * column.lowWeight, row.lowWeight * column.highWeight,
                row.highWeight * column.lowWeight, row.highWeight * column.highWeight
            )
        }

        /// The four corners with their weights, zeros for none.
        func corners(_ plane: UnsafePointer<Stored>) -> (Double, Double, Double, Double) {
            (
                plane[offsets.0].computed.double * weights.0, plane[offsets.1].computed.double * weights.1,
                plane[offsets.2].computed.double * weights.2, plane[offsets.3].computed.double * weights.3
            )
        }

        func value(_ plane: UnsafePointer<Stored>) -> Double {
            let corners = corners(plane)
            return corners.0 + corners.1 + corners.2 + corners.3
        }

        func add(_ gradient: Double, to plane: UnsafeMutablePointer<Computed>) {
            plane[offsets.0] += Computed(gradient * weights.0)
            plane[offsets.1] += Computed(gradient * weights.1)
            plane[offsets.2] += Computed(gradient * weights.2)
            plane[offsets.3] += Computed(gradient * weights.3)
        }
    }

    /// Pools the channels in `channels`.
    func forward(_ channels: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>) {
        visit(channels) { samples, plane, place in
            if let value = Stored(rounding: Computed(self.value(samples, input + plane))) { output[place] = value }
        }
    }

    /// Adds the gradients of the channels in `channels` to `gradInput`.
    ///
    /// - Parameter input: nil for a mean, whose gradient does not depend on the values.
    func backward(
        _ channels: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        gradInput: UnsafeMutablePointer<Computed>
    ) {
        visit(channels) { samples, plane, place in
            let gradient = gradOutput[place].computed.double
            switch (reduction, input) {
            case (.mean, _):
                for case let sample? in samples {
                    sample.add(gradient / Double(samples.count), to: gradInput + plane)
                }
            case (.maximum(let nan), let input?):
                winner(samples.map { $0?.value(input + plane) ?? 0 }, nan).flatMap { samples[$0] }?
                    .add(gradient, to: gradInput + plane)
            case (.largestCorner(let nan), let input?):
                addToCorner(samples, nan, gradient, input + plane, gradInput + plane)
            case (.maximum, nil), (.largestCorner, nil): break
            }
        }
    }

    private func value(_ samples: [Sample?], _ plane: UnsafePointer<Stored>) -> Double {
        guard !samples.isEmpty else { return 0 }
        switch reduction {
        case .mean:
            return samples.reduce(0) { $0 + ($1?.value(plane) ?? 0) } / Double(samples.count)
        case .maximum(let nan):
            let values = samples.map { $0?.value(plane) ?? 0 }
            return winner(values, nan).map { values[$0] } ?? 0
        case .largestCorner(let nan):
            let values = corners(samples, plane)
            return winner(values, nan).map { values[$0] } ?? 0
        }
    }

    private func corners(_ samples: [Sample?], _ plane: UnsafePointer<Stored>) -> [Double] {
        samples.flatMap { (sample: Sample?) -> [Double] in
            guard let corners = sample?.corners(plane) else { return [0, 0, 0, 0] }
            return [corners.0, corners.1, corners.2, corners.3]
        }
    }

    private func addToCorner(
        _ samples: [Sample?], _ nan: NaNPolicy, _ gradient: Double, _ plane: UnsafePointer<Stored>,
        _ gradients: UnsafeMutablePointer<Computed>
    ) {
        guard let won = winner(corners(samples, plane), nan), let sample = samples[won / 4] else { return }
        let offsets = [sample.offsets.0, sample.offsets.1, sample.offsets.2, sample.offsets.3]
        let weights = [sample.weights.0, sample.weights.1, sample.weights.2, sample.weights.3]
        gradients[offsets[won % 4]] += Computed(gradient * weights[won % 4])
    }

    /// The place of the largest value under the rules of `max`; nil for no values.
    private func winner(_ values: [Double], _ nan: NaNPolicy) -> Int? {
        guard var best = values.indices.first else { return nil }
        for place in values.indices.dropFirst() {
            let (champion, challenger) = (values[best], values[place])
            let wins =
                nan == .propagate
                ? challenger > champion || challenger.isNaN
                : challenger > champion || (champion.isNaN && !challenger.isNaN)
            if wins { best = place }
        }
        return best
    }

    private func visit(_ channels: Range<Int>, _ body: (_ samples: [Sample?], _ plane: Int, _ place: Int) -> Void) {
        let frame = geometry.frame
        for box in geometry.boxes {
            let columns = (0..<box.columns.bins).map { box.columns.taps(ofBin: $0) }
            for row in 0..<box.rows.bins {
                let rows = box.rows.taps(ofBin: row)
                for column in columns.indices {
                    let samples = Self.samples(rows, columns[column], frame.inputStrides)
                    let bins = zip([row, column], frame.binStrides).reduce(0) { $0 + $1.0 * $1.1 }
                    let place = box.outputBase + row * frame.outputStrides[0] + column * frame.outputStrides[1]
                    for channel in channels {
                        body(
                            samples, box.inputBase + bins + channel * frame.level.input,
                            place + channel * frame.level.output)
                    }
                }
            }
        }
    }

    private static func samples(_ rows: [BilinearTap?], _ columns: [BilinearTap?], _ strides: [Int]) -> [Sample?] {
        rows.flatMap { row in
            columns.map { column in
                guard let row, let column else { return nil }
                return Sample(row, column, strides)
            }
        }
    }
}
