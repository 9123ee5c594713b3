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

    init(_ reader: inout FieldReader) throws(PoolingRefusal) {
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

    var countsPadding: Bool {
        if case .same = padding { false } else { true }
    }

    func outputShape(_ axes: PooledAxes, reader: FieldReader) throws(PoolingRefusal) -> [Int] {
        axes.shape(pooledTo: try windows(axes, reader).map(\.output))
    }

    func geometry(_ axes: PooledAxes, _ context: GeometryContext) throws(PoolingRefusal) -> WindowGeometry {
        let windows = try windows(axes, context.reader)
        for window in windows { try window.requireSources(context.reader) }
        return .inPlace(axes, taps: windows.map(\.taps), context)
    }

    /// The windows along each pooled axis.
    func windows(_ axes: PooledAxes, _ reader: FieldReader) throws(PoolingRefusal) -> [SlidingAxis] {
        let count = axes.pooled.count
        let kernels = kernel.expanded(to: count)
        let strides = (stride ?? kernel).expanded(to: count)
        let dilations = dilation.expanded(to: count)
        var windows: [SlidingAxis] = []
        for (position, extent) in axes.extents.enumerated() {
            windows.append(
                try SlidingAxis(
                    input: extent, kernel: kernels[position], stride: strides[position],
                    dilation: dilations[position], padding: padding, position: position, of: count,
                    isCeiling: isCeiling, mode: mode, reader))
        }
        return windows
    }
}

/// Windows sliding along one axis, their number known.
struct SlidingAxis: Sendable {
    let input: Int
    let kernel: Int
    let stride: Int
    let dilation: Int
    let before: Int
    let after: Int
    let mode: PaddingMode
    let output: Int

    /// Extent of a window including the cells that dilation leaves out.
    var span: Int { dilation * (kernel - 1) + 1 }

    /// ⌊(input + before + after − span)/stride⌋ + 1; with ceiling, rounded up, less one where the last window would
    /// start in the after-padding (PyTorch's rule and ONNX's).
    init(
        input: Int, kernel: Int, stride: Int, dilation: Int, padding: Padding, position: Int, of count: Int,
        isCeiling: Bool, mode: PaddingMode, _ reader: FieldReader
    ) throws(PoolingRefusal) {
        (self.input, self.kernel, self.stride, self.dilation, self.mode) = (input, kernel, stride, dilation, mode)
        let span = dilation * (kernel - 1) + 1
        switch padding {
        case .sides(let sides):
            let sides = sides.expanded(to: count)[position]
            (before, after) = (sides.before, sides.after)
            let room = input + before + after - span
            var output = (room + (isCeiling ? stride - 1 : 0)).floorDivided(by: stride) + 1
            if isCeiling, (output - 1) * stride >= input + before { output -= 1 }
            self.output = output
        case .same(let extraBefore):
            output = (input - 1) / stride + 1
            let total = max((output - 1) * stride + span - input, 0)
            before = extraBefore ? total - total / 2 : total / 2
            after = total - before
        }
        guard output >= 1 else {
            throw reader.refusal(
                .kernelTooLarge, at: "kernel",
                "a window of \(span) does not fit dimension \(position): "
                    + "\(input) padded by \(before) and \(after) is \(input + before + after)")
        }
        try requireMappable(position, reader)
    }

    var taps: AxisTaps {
        AxisTaps(
            pattern: .strided(stride: stride, before: before, after: after, dilation: dilation, mode: mode),
            input: input, output: output, kernel: kernel)
    }

    /// Refuses padding that its mode cannot fill.
    private func requireMappable(_ position: Int, _ reader: FieldReader) throws(PoolingRefusal) {
        let limit: Int
        switch mode {
        case .ignore, .zeros, .replicate: return
        case .reflect: limit = input - 1
        case .circular: limit = input
        }
        guard max(before, after) <= limit else {
            throw reader.refusal(
                .outOfRange, at: "padding",
                "padding \(max(before, after)) of dimension \(position) is more than \(limit), the most that "
                    + "'\(mode.rawValue)' can fill from \(input) elements")
        }
    }

    /// Refuses a window that touches no input element.
    func requireSources(_ reader: FieldReader) throws(PoolingRefusal) {
        guard mode == .ignore else { return }
        // Only windows that start before the input, or the last, can miss it: any other starts on an element.
        let early = 0..<min(output, (before + stride - 1) / stride)
        let suspects = [early, output - 1..<output]
        for window in suspects.joined() where taps.run(at: window)?.count == 0 {
            throw reader.refusal(
                .emptyWindow, at: "padding",
                "window \(window) lies wholly in the padding (\(before) before, \(after) after \(input) elements)")
        }
    }
}

extension Int {
    /// Division that rounds towards −∞, for a positive divisor.
    func floorDivided(by divisor: Int) -> Int {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
