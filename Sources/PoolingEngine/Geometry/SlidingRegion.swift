/// Windows that slide along the spatial axes: the ordinary pooling layer.
struct SlidingRegion: Region {
    static let descriptor = RegionDescriptor(
        "sliding",
        parameters: [
            ParameterDescriptor(
                "kernel", "integer|list",
                "size of the window along each axis (required without footprint or structure)",
                lists: .perAxisOfInput,
                otherNames: [
                    "kernelsize", "ksize", "kernelshape", "poolsize", "poolsizes", "window", "windowsize",
                    "windowshape", "windowdimensions", "filter", "filtersize", "kernels", "size",
                ]),
            ParameterDescriptor(
                "stride", "integer|list", "step between neighbouring windows; default: the kernel",
                lists: .perAxisOfInput,
                otherNames: ["strides", "windowstrides", "step", "steps", "stepsize", "subsample"]),
            ParameterDescriptor(
                "padding", "integer|list|string", values: ["valid", "same", "same_lower"],
                default: .number(FieldNumber(0)), "cells added before and after the input along each axis",
                lists: .perAxis,
                otherNames: [
                    "pad", "pads", "paddings", "padwidth", "autopad", "padamount", "paddingtype", "explicitpaddings",
                    "explicitpadding",
                ],
                otherValues: [
                    "same": ["sameupper", "half"], "valid": ["none", "novalid"], "same_lower": ["samelow"],
                ]),
            ParameterDescriptor(
                "dilation", "integer|list", default: .number(FieldNumber(1)), "distance between the cells of a window",
                lists: .perAxisOfInput,
                otherNames: [
                    "dilations", "rate", "rates", "dilationrate", "windowdilation", "basedilation", "atrous",
                ]),
            ParameterDescriptor(
                "ceil_mode", "boolean", default: .bool(false),
                "add a last window beyond the end, unless it would start in the padding",
                otherNames: ["ceil", "ceiling", "roundup", "roundingtype", "useceil"]),
            ParameterDescriptor(
                "padding_mode", "string|list", values: PaddingMode.allCases.map(\.rawValue), default: .string("ignore"),
                "values of padded cells; a list has one mode per axis",
                otherNames: ["padmode", "paddingmethod", "bordermode", "border", "boundary"],
                otherValues: [
                    "ignore": ["none", "neginf"], "zeros": ["zero"], "reflect": ["mirror", "reflection"],
                    "replicate": ["edge", "nearest", "border", "replication", "clamp"],
                    "circular": ["wrap", "periodic", "grid"], "symmetric": ["reflecthalf", "gridmirror"],
                    "constant": ["gridconstant", "fill", "value"],
                ]),
            ParameterDescriptor(
                "padding_value", "number", default: .number(FieldNumber(0)),
                "value of padded cells with constant, in the dtype of the input",
                requires: "padding_mode 'constant'"),
            KernelCells.parameter, ElementMask.parameter, Layer.emptyValueParameter,
        ],
        acceptsAxes: true,
        summary: "windows of one size that slide along the spatial axes",
        source: "torch.nn.MaxPool2d, ONNX MaxPool, tf.nn.max_pool",
        otherNames: ["window", "windowed", "local", "spatial", "slide", "default"])

    let kernel: PerAxis<Int>
    /// The field that says how large the kernel is.
    private let kernelField: String
    private let cells: KernelCells
    let stride: PerAxis<Int>?
    let dilation: PerAxis<Int>
    let padding: Padding
    let isCeiling: Bool
    let mode: PerAxis<PaddingMode>
    /// What `constant` padding holds.
    let paddingValue: FieldNumber

    static let capabilities = RegionCapabilities(
        hasKernel: true, numbersKernelCells: true, takesMask: true, hasInverse: true)

    init(_ reader: inout FieldReader, for op: any PoolingOp.Type) throws(PoolingError) {
        let positive = 1...FieldNames.largestExtent
        cells = try KernelCells(&reader)
        if let kernel = try reader.takePerAxisIntegers("kernel", in: positive) {
            try cells.check(kernel, reader)
            // One number for a kernel has as many dimensions as the footprint.
            (self.kernel, kernelField) = (cells.footprintShape.map { PerAxis.each($0) } ?? kernel, "kernel")
        } else if let (field, shape) = cells.kernel {
            (kernel, kernelField) = (try Self.kernel(of: field, shape, reader), field)
        } else {
            throw reader.rejection(.missingField, at: "kernel", "'kernel' is missing: the size of a window, such as 2")
        }
        stride = try reader.takePerAxisIntegers("stride", in: positive)
        dilation = try reader.takePerAxisIntegers("dilation", in: positive) ?? .all(1)
        padding = try Padding(&reader)
        isCeiling = try reader.takeBool("ceil_mode", default: false)
        mode = try reader.takePerAxisCase("padding_mode", default: PaddingMode.ignore)
        let isConstant = mode.contains { $0 == .constant }
        paddingValue = (isConstant ? try reader.takeElementNumber("padding_value") : nil) ?? FieldNumber(0)
    }

    /// A kernel of the shape of a tensor.
    private static func kernel(
        of field: String, _ shape: [Int], _ reader: FieldReader
    ) throws(PoolingError) -> PerAxis<Int> {
        guard !shape.isEmpty, !shape.contains(0) else {
            throw reader.rejection(
                .shapeMismatch, at: field, "'\(field)' has shape \(shape); without 'kernel' it must have cells")
        }
        return .each(shape)
    }

    var lists: [(name: String, length: Int)] {
        [
            (kernelField, kernel.length), ("stride", stride?.length), ("padding", padding.length),
            ("dilation", dilation.length), ("padding_mode", mode.length),
        ].compactMap { list in list.1.map { (list.0, $0) } }
    }

    var countsPadding: Bool? {
        if case .same = padding { false } else { true }
    }

    /// A padded number that is no element's.
    var canNameNothing: Bool { mode.contains { $0 == .zeros || $0 == .constant } }

    func outputShape(_ axes: PooledAxes, reader: FieldReader) throws(PoolingError) -> [Int] {
        axes.shape(pooledTo: try windows(axes, reader).map(\.output))
    }

    func kernel(_ axes: PooledAxes) -> [Int]? { kernel.expanded(to: axes.pooled.count) }

    func windows(_ axes: PooledAxes, _ context: GeometryContext) throws(PoolingError) -> LayerWindows {
        let windows = try windows(axes, context.reader)
        // Averages divide by the cells of the kernel.
        guard windows.map(\.kernel).checkedProduct != nil else {
            throw context.reader.rejection(
                .outOfRange, at: kernelField,
                "expected a kernel of at most 2^63 - 1 cells, got \(windows.map(\.kernel))")
        }
        let footprint = try footprint(over: windows, axes, context.reader)
        try context.reader.require(paddingValue, heldBy: context.elementType, at: "padding_value")
        var geometry = WindowGeometry.inPlace(axes, taps: windows.map(\.taps), context)
        geometry.paddingValues = windows.map { $0.mode == .constant ? paddingValue : FieldNumber(0) }
        geometry.footprint = footprint
        return .whole([geometry])
    }

    func report(_ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> WindowReport? {
        let windows = try windows(axes, reader)
        let footprint = try footprint(over: windows, axes, reader)
        let taps = try footprint.map { (footprint) throws(PoolingError) in
            try FootprintCover(footprint, windows, reader.cancellation).totalTaps()
        }
        return WindowReport(windows, taps: taps)
    }

    /// The cells that take part, for any channel; nil where all do.
    ///
    /// - Throws: a rejection where a window has no cell to read, for some channel.
    private func footprint(
        over windows: [SlidingAxis], _ axes: PooledAxes, _ reader: FieldReader
    ) throws(PoolingError) -> Footprint? {
        for window in windows { try window.requireSources(reader) }
        var all: Footprint?
        let kernel = kernel.expanded(to: axes.pooled.count)
        try cells.forEachFootprint(kernel: kernel, reader.cancellation) { (footprint, count) throws(PoolingError) in
            // That a whole kernel reads something for every window is known.
            if footprint.isWhole {
                all = footprint
                return
            }
            let cover = FootprintCover(footprint, windows, of: count, reader.cancellation)
            if let position = try cover.emptyWindow(reader) {
                let number = zip(position, windows.map(\.output).rowMajorStrides)
                    .reduce(0) { $0.addingSaturating($1.0.multipliedSaturating(by: $1.1)) }
                throw reader.rejection(
                    .emptyWindow, at: cells.kernel?.field ?? "padding",
                    "none of the \(footprint.count) cells that take part in window \(number) is on the input; reduce "
                        + "padding, or fill it with padding_mode")
            }
            if all?.isWhole != true { all = try all?.union(footprint) ?? footprint }
        }
        return all?.isWhole == true ? nil : all
    }

    /// A footprint counts along each axis as if all other axes were long: which cells a window has beyond the corner of an
    /// input depends on its size along all of them.
    func inverse(along axis: Int, of count: Int) throws(PoolingError) -> AxisInverse? {
        var narrow: [Footprint] = []
        try cells.forEachFootprint(kernel: kernel.expanded(to: count), nil) { (footprint, _) throws(PoolingError) in
            let projected = try footprint.projected(to: axis)
            if !projected.isWhole { narrow.append(projected) }
        }
        let footprints = narrow
        return AxisInverse(
            output: { window(axis, of: count, input: $0).output },
            accepts: { input in
                let window = window(axis, of: count, input: input)
                guard window.fault == nil, window.emptyWindow == nil else { return false }
                for footprint in footprints {
                    do throws(PoolingError) {
                        guard try FootprintCover(footprint, [window], nil).emptyWindowOfOneAxis() == nil else {
                            return false
                        }
                    } catch {
                        return false
                    }
                }
                return true
            }, leastInput: leastInput(axis))
    }

    /// The size from which on padding of a fixed size can be filled.
    private func leastInput(_ axis: Int) -> Int {
        guard case .cells(let before, let after) = padding.entry(axis), let limit = mode.entry(axis).limit(extent: 0)
        else { return 1 }
        return max(before, after) - limit
    }

    /// The windows along each pooled axis.
    private func windows(_ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> [SlidingAxis] {
        var windows: [SlidingAxis] = []
        for (axis, extent) in axes.extents.enumerated() {
            let window = window(axis, of: axes.pooled.count, input: extent)
            try window.requireFit(axis, of: axes, kernelField, reader)
            windows.append(window)
        }
        return windows
    }

    private func window(_ axis: Int, of count: Int, input: Int) -> SlidingAxis {
        SlidingAxis(
            input: input, kernel: kernel.entry(axis), stride: (stride ?? kernel).entry(axis),
            dilation: dilation.entry(axis), padding: padding.entry(axis), isCeiling: isCeiling,
            mode: mode.entry(axis))
    }
}
