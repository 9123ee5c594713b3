/// Windows that slide along the spatial axes: the ordinary pooling layer.
struct SlidingRegion: Region {
    static let descriptor = RegionDescriptor(
        "sliding",
        parameters: [
            ParameterDescriptor("kernel", "integer|list", "extent of the window along each dimension (required)"),
            ParameterDescriptor("stride", "integer|list", "step from window to window; default: the kernel"),
            ParameterDescriptor(
                "padding", "integer|list|string", values: ["valid", "same", "same_lower"],
                default: .number(FieldNumber(0)), "cells added before and after each dimension"),
            ParameterDescriptor(
                "dilation", "integer|list", default: .number(FieldNumber(1)), "distance between the cells of a window"),
            ParameterDescriptor(
                "ceil_mode", "boolean", default: .bool(false),
                "keep a last window that hangs over the end, unless it would start in the padding"),
            ParameterDescriptor(
                "padding_mode", "string", values: PaddingMode.allCases.map(\.rawValue), default: .string("ignore"),
                "what padded cells hold"),
        ],
        acceptsAxes: true,
        summary: "windows of one size that slide along the spatial axes",
        source: "torch.nn.MaxPool2d, ONNX MaxPool, tf.nn.max_pool")

    let kernel: PerAxis<Int>
    let stride: PerAxis<Int>?
    let dilation: PerAxis<Int>
    let padding: Padding
    let isCeiling: Bool
    let mode: PaddingMode

    static let capabilities = RegionCapabilities(hasKernel: true, numbersKernelCells: true, hasInverse: true)

    init(_ reader: inout FieldReader, for op: any PoolingOp.Type) throws(PoolingRefusal) {
        let positive = 1...FieldNames.largestExtent
        guard let kernel = try reader.takePerAxisIntegers("kernel", in: positive) else {
            throw reader.refusal(.missingField, at: "kernel", "'kernel' is missing: the extent of a window, such as 2")
        }
        self.kernel = kernel
        stride = try reader.takePerAxisIntegers("stride", in: positive)
        dilation = try reader.takePerAxisIntegers("dilation", in: positive) ?? .all(1)
        padding = try Padding(&reader)
        isCeiling = try reader.takeBool("ceil_mode", default: false)
        mode = try reader.takeCase("padding_mode", default: PaddingMode.ignore)
    }

    var lists: [(name: String, length: Int)] {
        [
            ("kernel", kernel.length), ("stride", stride?.length), ("padding", padding.length),
            ("dilation", dilation.length),
        ].compactMap { list in list.1.map { (list.0, $0) } }
    }

    var countsPadding: Bool? {
        if case .same = padding { false } else { true }
    }

    /// A padding zero.
    var canNameNothing: Bool { mode == .zeros }

    func outputShape(_ axes: PooledAxes, reader: FieldReader) throws(PoolingRefusal) -> [Int] {
        axes.shape(pooledTo: try windows(axes, reader).map(\.output))
    }

    func kernel(_ axes: PooledAxes) -> [Int]? { kernel.expanded(to: axes.pooled.count) }

    func windows(_ axes: PooledAxes, _ context: GeometryContext) throws(PoolingRefusal) -> LayerWindows {
        let windows = try windows(axes, context.reader)
        for window in windows { try window.requireSources(context.reader) }
        return .whole([WindowGeometry.inPlace(axes, taps: windows.map(\.taps), context).merged])
    }

    func report(_ axes: PooledAxes, _ reader: FieldReader) throws(PoolingRefusal) -> WindowReport? {
        let windows = try windows(axes, reader)
        for window in windows { try window.requireSources(reader) }
        return WindowReport(windows)
    }

    func inputSizes(
        giving output: SizeRange, axis: Int, of count: Int, _ reader: FieldReader
    ) -> SizeRange? {
        output.inputs { input in
            let window = self.window(axis, of: count, input: input)
            return window.fault == nil && window.emptyWindow == nil ? window.output : nil
        }
    }

    /// The windows along each pooled axis.
    private func windows(_ axes: PooledAxes, _ reader: FieldReader) throws(PoolingRefusal) -> [SlidingAxis] {
        var windows: [SlidingAxis] = []
        for (axis, extent) in axes.extents.enumerated() {
            let window = window(axis, of: axes.pooled.count, input: extent)
            try window.requireFit(axis, reader)
            windows.append(window)
        }
        return windows
    }

    private func window(_ axis: Int, of count: Int, input: Int) -> SlidingAxis {
        SlidingAxis(
            input: input, kernel: kernel.entry(axis), stride: (stride ?? kernel).entry(axis),
            dilation: dilation.entry(axis), padding: padding.entry(axis), isCeiling: isCeiling, mode: mode)
    }
}

extension SizeRange {
    /// The inputs for which `output` gives one of these sizes; nil where none does.
    ///
    /// Output sizes never shrink as the input grows, so both ends can be searched by halving.
    ///
    /// - Parameter output: the size that an input of so many elements gives; nil for none.
    fileprivate func inputs(_ output: (Int) -> Int?) -> SizeRange? {
        let limit = FieldNames.largestExtent
        func first(where isReached: (Int) -> Bool) -> Int {
            var (low, high) = (1, limit + 1)
            while low < high {
                let middle = (low + high) / 2
                if isReached(middle) { high = middle } else { low = middle + 1 }
            }
            return low
        }
        let least = first { output($0) ?? 0 >= smallest }
        let beyond = largest.map { largest in first { output($0) ?? 0 > largest } }
        guard least <= limit, least < beyond ?? .max, let reached = output(least), reached >= smallest else {
            return nil
        }
        return SizeRange(smallest: least, largest: beyond.map { $0 - 1 })
    }
}
