extension TensorName {
    package static let randomSamples = TensorName("random_samples", .float64, rank: 3)
}

/// Windows whose starts are irregular, so that sizes can shrink by a fraction: from samples, a seed, or boundaries.
struct FractionalRegion: Region {
    static let descriptor = RegionDescriptor(
        "fractional",
        parameters: [
            ParameterDescriptor(
                "kernel", "integer|list", "size of each window; not with boundaries", lists: .perAxisOfInput),
            ParameterDescriptor("output_size", "integer|list", "windows along each axis", lists: .perAxis),
            ParameterDescriptor(
                "output_ratio", "number|list", "alternative: ratio to the size of the input, truncated",
                lists: .perAxis, excludes: ["output_size"], otherNames: ["ratio", "poolingratio", "outputscale"]),
            ParameterDescriptor(
                .randomSamples, "[N, C, d] in [0, 1), in the order W, H for two dimensions, D, H, W for three",
                otherNames: ["samples", "randomu"]),
            ParameterDescriptor(
                "seed", "integer", "alternative: the seed for the samples", excludes: ["random_samples"]),
            ParameterDescriptor(
                "boundaries", "list", "alternative: the starts of the windows along each axis, and the last end",
                lists: [.perAxis, .plannedPerEntry],
                excludes: ["kernel", "output_size", "output_ratio", "random_samples", "seed"],
                otherNames: ["rowpoolingsequence", "colpoolingsequence", "poolingsequence", "sequences"]),
            ParameterDescriptor(
                "overlapping", "boolean", default: .bool(false), "with boundaries: windows include their end",
                requires: "'boundaries'"),
            ElementMask.parameter, Layer.emptyValueParameter,
        ],
        acceptsAxes: true,
        summary: "windows with pseudo-random starts",
        source: "Graham 2014; torch.nn.FractionalMaxPool2d, tf.nn.fractional_max_pool",
        otherNamesOfOps: ["max": ["fractionalmaxpool"]])

    private enum Size: Sendable {
        case fixed(PerAxis<Int>)
        case ratio(PerAxis<Double>)
    }

    private enum Starts: Sendable {
        case random(kernel: PerAxis<Int>, Size, samples: Tensor?, seed: UInt64?)
        case boundaries([[Int]], isOverlapping: Bool)
    }

    private let starts: Starts

    static let capabilities = RegionCapabilities(takesMask: true)

    init(_ reader: inout FieldReader, for op: any PoolingOp.Type) throws(PoolingError) {
        if let boundaries = try Self.takeBoundaries(&reader) {
            starts = .boundaries(boundaries, isOverlapping: try reader.takeBool("overlapping", default: false))
            return
        }
        guard let kernel = try reader.takePerAxisIntegers("kernel", in: 1...FieldNames.largestExtent) else {
            throw reader.rejection(
                .missingField, at: "kernel", "'kernel' is missing: the size of a window (or give 'boundaries')")
        }
        let size = try Self.takeSize(&reader)
        let samples = reader.take(.randomSamples)
        let seed = samples == nil ? try reader.takeSeed() : nil
        starts = .random(kernel: kernel, size, samples: samples, seed: seed)
    }

    private static func takeSize(_ reader: inout FieldReader) throws(PoolingError) -> Size {
        let range = 1...FieldNames.largestExtent
        if let size = try reader.takePerAxisIntegers("output_size", in: range) { return .fixed(size) }
        guard let ratio = reader.take("output_ratio") else {
            throw reader.rejection(
                .missingField, at: "output_size",
                "'output_size' is missing: windows along each axis (or give 'output_ratio')")
        }
        guard case .list(let values) = ratio else { return .ratio(.all(try share(ratio, "output_ratio", reader))) }
        var ratios: [Double] = []
        for (position, value) in values.enumerated() {
            ratios.append(try share(value, "output_ratio/\(position)", reader))
        }
        guard !ratios.isEmpty else {
            throw reader.rejection(.wrongLength, at: "output_ratio", "'output_ratio' must not be empty")
        }
        return .ratio(.each(ratios))
    }

    private static func share(
        _ value: FieldValue, _ name: String, _ reader: FieldReader
    ) throws(PoolingError) -> Double {
        guard case .number(let number) = value else {
            throw reader.rejection(.wrongType, at: name, "expected a number for '\(name.indexed)', got \(value.kind)")
        }
        guard number.value > 0, number.value <= 1 else {
            throw reader.rejection(
                .outOfRange, at: name, "\(name.indexed) is \(number.text); it must be above 0 and at most 1")
        }
        return number.value
    }

    private static func takeBoundaries(_ reader: inout FieldReader) throws(PoolingError) -> [[Int]]? {
        guard let value = reader.take("boundaries") else { return nil }
        guard case .list(let axes) = value, !axes.isEmpty else {
            throw reader.rejection(
                .wrongType, at: "boundaries", "'boundaries' must be a list of lists, one per axis")
        }
        var boundaries: [[Int]] = []
        for (axis, value) in axes.enumerated() {
            let pointer = "boundaries/\(axis)"
            guard case .list(let positions) = value, positions.count >= 2 else {
                throw reader.rejection(.wrongType, at: pointer, "'\(pointer.indexed)' must list at least two positions")
            }
            var starts: [Int] = []
            for (index, position) in positions.enumerated() {
                let start = try reader.integer(position, at: "\(pointer)/\(index)", in: 0...FieldNames.largestExtent)
                if let last = starts.last, start <= last {
                    throw reader.rejection(
                        .outOfRange, at: "\(pointer)/\(index)", "boundaries must increase, and \(start) follows \(last)"
                    )
                }
                starts.append(start)
            }
            boundaries.append(starts)
        }
        return boundaries
    }

    var lists: [(name: String, length: Int)] {
        switch starts {
        case .boundaries(let boundaries, _): return [("boundaries", boundaries.count)]
        case .random(let kernel, let size, _, _):
            let sizeList: (String, Int?)
            switch size {
            case .fixed(let size): sizeList = ("output_size", size.length)
            case .ratio(let ratio): sizeList = ("output_ratio", ratio.length)
            }
            return [("kernel", kernel.length), sizeList].compactMap { list in list.1.map { (list.0, $0) } }
        }
    }

    func outputShape(_ axes: PooledAxes, reader: FieldReader) throws(PoolingError) -> [Int] {
        axes.shape(pooledTo: try sizes(axes, reader))
    }

    private func sizes(_ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> [Int] {
        switch starts {
        case .boundaries(let boundaries, _):
            for (axis, (positions, extent)) in zip(boundaries, axes.extents).enumerated() {
                guard let last = positions.last, last > extent else { continue }
                throw reader.rejection(
                    .outOfRange, at: "boundaries/\(axis)/\(positions.count - 1)",
                    "the last boundary is \(last) and the input has \(extent) positions")
            }
            return boundaries.map { $0.count - 1 }
        case .random(let kernel, let size, _, _):
            return try randomSizes(axes, kernels: kernel.expanded(to: axes.pooled.count), size, reader)
        }
    }

    private func randomSizes(
        _ axes: PooledAxes, kernels: [Int], _ size: Size, _ reader: FieldReader
    ) throws(PoolingError) -> [Int] {
        let (name, stated): (String, String)
        let sizes: [Int]
        switch size {
        case .fixed(let fixed):
            (name, stated, sizes) = ("output_size", "output_size", fixed.expanded(to: kernels.count))
        case .ratio(let ratio):
            (name, stated) = ("output_ratio", "the output size of output_ratio")
            sizes = zip(axes.extents, ratio.expanded(to: kernels.count)).map { Int(Double($0) * $1) }
        }
        for (axis, extent) in axes.extents.enumerated() {
            guard kernels[axis] <= extent else {
                throw reader.rejection(
                    .kernelTooLarge, at: "kernel",
                    "kernel \(kernels[axis]) is larger than axis \(axes.pooled[axis]) (\(extent))"
                        + axes.layoutHint(for: axes.pooled[axis]))
            }
            guard sizes[axis] >= 1, sizes[axis] + kernels[axis] - 1 <= extent else {
                throw reader.rejection(
                    .outOfRange, at: name,
                    "\(stated) is \(sizes[axis]); it must be from 1 to \(extent - kernels[axis] + 1)")
            }
        }
        return sizes
    }

    func windows(_ axes: PooledAxes, _ context: GeometryContext) throws(PoolingError) -> LayerWindows {
        let sizes = try sizes(axes, context.reader)
        switch starts {
        case .boundaries(let boundaries, let isOverlapping):
            let taps = zip(boundaries, axes.extents).map { positions, extent in
                AxisTaps(
                    pattern: .bounds(positions, isOverlapping: isOverlapping), input: extent,
                    output: positions.count - 1, kernel: extent)
            }
            return .whole([WindowGeometry.inPlace(axes, taps: taps, context)])
        case .random(let kernel, _, let samples, let seed):
            let windows = RandomWindows(
                extents: axes.extents, kernels: kernel.expanded(to: axes.pooled.count), sizes: sizes,
                computesInDouble: context.elementType == .float64)
            return .parts(windows.parts(axes, samples: try self.samples(samples, seed, axes, context), context))
        }
    }

    /// One sample per plane and axis, flat in the order of `random_samples`.
    private func samples(
        _ tensor: Tensor?, _ seed: UInt64?, _ axes: PooledAxes, _ context: GeometryContext
    ) throws(PoolingError) -> @Sendable (Int) -> Double {
        let dims = axes.pooled.count
        let planes = axes.kept.reduce(1) { $0 * axes.shape[$1] }
        if let tensor {
            guard !axes.isNamed else {
                throw context.reader.rejection(
                    .unsupportedCombination, at: "random_samples",
                    "'random_samples' and 'axes' exclude each other; use 'seed'")
            }
            let channels = axes.channel.map { axes.shape[$0] } ?? 1
            let shape = [channels == 0 ? 0 : planes / channels, channels, dims]
            try context.reader.require(shape, of: tensor, .randomSamples, "one sample per plane and dimension")
            if let wrong = try context.reader.firstIndex(
                in: tensor, where: { !(0..<1).contains(tensor.double(at: $0)) })
            {
                throw context.reader.rejection(
                    .outOfRange, at: "random_samples",
                    "sample \(wrong) is \(tensor.double(at: wrong)); it must be at least 0 and below 1")
            }
            return { tensor.double(at: $0) }
        }
        if let seed {
            let philox = Philox(seed: seed)
            return { philox.uniform(at: $0, .fractional) }
        }
        guard !context.needsTaps else {
            throw context.reader.rejection(
                .missingField, at: "random_samples", "one of 'random_samples', 'seed' and 'boundaries' is required")
        }
        return { _ in 0 }
    }
}
