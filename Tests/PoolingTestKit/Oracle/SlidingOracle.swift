import PoolingEngine

/// One axis of a sliding window, as the contract's section on `sliding` has it.
struct SlidingAxis {
    let input: Int
    let kernel: Int
    let stride: Int
    let dilation: Int
    let before: Int
    let after: Int
    let ceil: Bool
    let mode: String
    let fill: FieldNumber

    /// Whether there is more padding than the mode can take from the input.
    var padsTooFar: Bool {
        switch mode {
        case "reflect": max(before, after) > input - 1
        case "symmetric", "circular": max(before, after) > input
        default: false
        }
    }

    var reach: Int { dilation * (kernel - 1) + 1 }

    var output: Int {
        let room = input + before + after - reach
        guard room >= 0 else { return 0 }
        guard ceil else { return room / stride + 1 }
        let count = (room + stride - 1) / stride + 1
        let lastStart = (count - 1) * stride
        return lastStart >= input + before ? count - 1 : count
    }

    /// Input positions of the kernel's taps, outside of the input too.
    func positions(_ output: Int) -> [Int] {
        (0..<kernel).map { output * stride - before + dilation * $0 }
    }

    func window(_ output: Int) -> AxisWindow {
        let declared = -before..<input + after
        let positions = positions(output)
        let taps = positions.enumerated().compactMap { offset, position -> AxisWindow.Tap? in
            guard declared.contains(position) else { return nil }
            if (0..<input).contains(position) { return AxisWindow.Tap(source: position, offset: offset) }
            return mode == "ignore" ? nil : AxisWindow.Tap(source: padded(position), offset: offset, fill: fill)
        }
        return AxisWindow(
            taps: taps, declaredOffsets: positions.indices.filter { declared.contains(positions[$0]) },
            kernelCount: kernel)
    }

    /// Where the cell at `position` beyond the edge takes its value from.
    private func padded(_ position: Int) -> Int? {
        switch mode {
        case "replicate": min(max(position, 0), input - 1)
        case "circular": (position + input) % input
        case "symmetric": position < 0 ? -position - 1 : input - 1 - (position - input)
        case "reflect": position < 0 ? -position : 2 * (input - 1) - position
        default: nil
        }
    }
}

extension SlidingAxis {
    /// The axes of a layer over an input of these extents.
    static func all(_ request: OracleRequest, extents: [Int]) -> [SlidingAxis] {
        let count = extents.count
        let kernel = request.kernel(count) ?? []
        let stride = request.perAxis("stride", count: count) ?? kernel
        let dilation = request.perAxis("dilation", count: count) ?? extents.map { _ in 1 }
        return extents.indices.map { axis in
            let reach = dilation[axis] * (kernel[axis] - 1) + 1
            let pad = padding(request, axis, extent: extents[axis], reach: reach, stride: stride[axis])
            return SlidingAxis(
                input: extents[axis], kernel: kernel[axis], stride: stride[axis], dilation: dilation[axis],
                before: pad.before, after: pad.after, ceil: request.flag("ceil_mode") ?? false,
                mode: request.paddingMode(axis), fill: request.paddingFill(axis))
        }
    }

    private static func padding(
        _ request: OracleRequest, _ axis: Int, extent: Int, reach: Int, stride: Int
    ) -> (before: Int, after: Int) {
        switch request.value("padding") {
        case .number(let number): return (Int(number.value), Int(number.value))
        case .list(let list):
            guard let pair = list[axis].entries else {
                let both = Int(list[axis].real ?? 0)
                return (both, both)
            }
            return (Int(pair[0].real ?? 0), Int(pair[1].real ?? 0))
        case .string("same"), .string("same_lower"):
            let outputs = (extent + stride - 1) / stride
            let total = max((outputs - 1) * stride + reach - extent, 0)
            let small = total / 2
            return request.text("padding", "") == "same" ? (small, total - small) : (total - small, small)
        default: return (0, 0)
        }
    }
}

extension OracleGeometry {
    static func sliding(_ request: OracleRequest) throws -> OracleGeometry {
        let axes = OracleAxes(request)
        let layers = SlidingAxis.all(request, extents: axes.extents)
        let sizes = layers.map(\.output)
        if layers.contains(where: \.padsTooFar) { throw OracleFailure.rejected("out_of_range") }
        if sizes.contains(where: { $0 < 1 }) { throw OracleFailure.rejected("kernel_too_large") }
        return try OracleGeometry(axes: axes, outputSize: sizes, kernel: layers.map(\.kernel)) { axis, position, _ in
            layers[axis].window(position)
        }
    }
}

extension OracleRequest {
    /// The kernel, which a footprint or a structuring element gives where it is absent.
    func kernel(_ count: Int) -> [Int]? {
        perAxis("kernel", count: count) ?? tensor(.footprint)?.shape
            ?? tensor(.structure).map { $0.shape.suffix(count) }
            .map(Array.init)
    }

    func paddingMode(_ axis: Int) -> String {
        guard let entries = value("padding_mode")?.entries, case .string(let mode) = entries[axis] else {
            return text("padding_mode", "ignore")
        }
        return mode
    }

    /// What a padded cell of a number holds.
    func paddingFill(_ axis: Int) -> FieldNumber {
        paddingMode(axis) == "constant" ? number("padding_value") : FieldNumber(0)
    }

    /// A number that may not be finite, 0 where it is absent.
    func number(_ name: String) -> FieldNumber {
        switch value(name) {
        case .number(let number): number
        case .string("NaN"): FieldNumber(value: .nan, whole: nil)
        case .string("Infinity"): FieldNumber(value: .infinity, whole: nil)
        case .string("-Infinity"): FieldNumber(value: -.infinity, whole: nil)
        default: FieldNumber(0)
        }
    }
}
