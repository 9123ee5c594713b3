import PoolingEngine

extension OracleGeometry {
    static func fractional(_ request: OracleRequest) throws -> OracleGeometry {
        let axes = OracleAxes(request)
        if let boundaries = request.value("boundaries")?.entries {
            return try bounded(request, axes, boundaries.map { ($0.entries ?? []).map { Int($0.real ?? 0) } })
        }
        let d = axes.pooled.count
        let kernel = request.perAxis("kernel", count: d) ?? []
        let sizes = request.perAxis("output_size", count: d) ?? ratioSizes(request, axes)
        let samples = FractionalSamples(request, axes)
        return try OracleGeometry(axes: axes, outputSize: sizes) { axis, position, plane in
            let starts = samples.starts(
                input: axes.extents[axis], kernel: kernel[axis], output: sizes[axis],
                sample: samples.sample(plane, axis))
            return AxisWindow(starts[position]..<starts[position] + kernel[axis])
        }
    }

    private static func ratioSizes(_ request: OracleRequest, _ axes: OracleAxes) -> [Int] {
        let entries = request.value("output_ratio")?.entries
        return axes.extents.enumerated().map { axis, extent in
            let ratio = entries?[axis].real ?? request.real("output_ratio") ?? 1
            return Int(Double(extent) * ratio)
        }
    }

    private static func bounded(
        _ request: OracleRequest, _ axes: OracleAxes, _ boundaries: [[Int]]
    ) throws -> OracleGeometry {
        let overlapping = request.flag("overlapping") ?? false
        return try OracleGeometry(axes: axes, outputSize: boundaries.map { $0.count - 1 }) { axis, position, _ in
            let end = boundaries[axis][position + 1] + (overlapping ? 1 : 0)
            return AxisWindow(boundaries[axis][position]..<min(end, axes.extents[axis]))
        }
    }
}

/// The sample u of each plane and axis, and the window starts that follow from it.
struct FractionalSamples {
    private let axes: OracleAxes
    private let given: Tensor?
    private let seed: UInt64
    private let isDouble: Bool

    init(_ request: OracleRequest, _ axes: OracleAxes) {
        self.axes = axes
        given = request.tensor(.randomSamples)
        seed = request.seed
        isDouble = request.elementType == .float64
    }

    /// Two-dimensional samples come width first, all others in the order of the axes.
    func sample(_ plane: [Int], _ axis: Int) -> Double {
        let d = axes.pooled.count
        let slot = d == 2 ? 1 - axis : axis
        let sample = axes.batch.map { plane[$0] } ?? 0
        let channel = axes.channel.map { plane[$0] } ?? 0
        let channels = axes.channel.map { axes.shape[$0] } ?? 1
        let position = (sample * channels + channel) * d + slot
        if let given { return given.realElements[position] }
        let word = OraclePhilox.words(seed: seed, position: UInt64(position), stream: 1)[0]
        return (Double(word) + 0.5) / 4_294_967_296
    }

    func starts(input: Int, kernel: Int, output: Int, sample: Double) -> [Int] {
        isDouble
            ? starts(Double.self, input, kernel, output, sample)
            : starts(Float.self, input, kernel, output, Float(sample))
    }

    private func starts<T: BinaryFloatingPoint>(
        _: T.Type, _ input: Int, _ kernel: Int, _ output: Int, _ sample: T
    ) -> [Int] {
        let last = input - kernel
        guard output > 1 else { return [last] }
        let alpha = T(last) / T(output - 1)
        return (0..<output - 1).map { Int((T($0) + sample) * alpha) - Int(sample * alpha) } + [last]
    }
}
