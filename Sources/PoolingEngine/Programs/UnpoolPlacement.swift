/// Which element of the output each value of an unpooling goes to, worked out value by value.
struct UnpoolPlacement: Sendable {
    let outputShape: [Int]
    private let valueShape: [Int]
    private let skipsEmpty: Bool
    private let indices: Tensor
    private let locator: Locator

    init(
        _ fields: UnpoolFields, shape: [Int], elementSize: Int, _ reader: FieldReader, _ limits: PoolingPlan.Limits
    ) throws(PoolingError) {
        try WorkLimits.checkCount(shape, at: reader.pointer("input"))
        let axes = try fields.axisChoice.resolve(shape: shape, lists: fields.lists, reader: reader)
        try axes.requireElements(at: reader.pointer("input"))
        try reader.require(shape, of: fields.indices, .indices, "one index for each value")
        let geometry = try Geometry(fields, axes, reader)
        outputShape = geometry.outputShape
        try WorkLimits.checkResult(outputShape, bytesPerElement: elementSize, limit: limits.resultByteCount)
        try WorkLimits.checkCount(geometry.indexShape, at: reader.pointer("index_shape"))
        (valueShape, indices, skipsEmpty) = (shape, fields.indices, fields.skipsEmpty)
        locator = Locator(geometry, fields)
    }

    var valueCount: Int { valueShape.checkedProduct ?? .max }

    /// Calls `body` with each value's flat position and its element of the output; values without one are passed over.
    func forEachElement(
        _ cancellation: Cancellation?, _ body: (_ value: Int, _ element: Int) -> Void
    ) throws(PoolingError) {
        var position = valueShape.map { _ in 0 }
        var pace = Pace(cancellation)
        for value in 0..<valueCount {
            let number = indices.integer(at: value)
            if number != -1 || !skipsEmpty {
                guard let element = locator.element(number, position) else {
                    throw PoolingError(
                        .indexOutOfRange, at: "indices",
                        "index \(value) is \(number), which names no element of \(outputShape)"
                            + (number == -1 ? "; 'skip_empty' lets -1 place nothing" : ""))
                }
                body(value, element)
            }
            Self.advance(&position, valueShape)
            guard pace.goesOn(after: 8) else { throw .stopped }
        }
    }

    private static func advance(_ position: inout [Int], _ shape: [Int]) {
        for axis in position.indices.reversed() {
            position[axis] += 1
            if position[axis] < shape[axis] { return }
            position[axis] = 0
        }
    }
}

/// The shapes between which an unpooling moves values.
private struct Geometry: Sendable {
    let axes: PooledAxes
    let outputShape: [Int]
    /// The shape that flat indices are read in.
    let indexShape: [Int]
    /// Extents that kernel, stride and padding imply.
    private let inferred: [Int]

    init(_ fields: UnpoolFields, _ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) {
        self.axes = axes
        inferred = try Self.inferred(fields, axes, reader)
        let output = try Self.extents(fields.outputSize, "output_size", axes, reader) ?? inferred
        outputShape = axes.shape(pooledTo: output)
        indexShape = axes.shape(
            pooledTo: try Self.extents(fields.indexShape, "index_shape", axes, reader) ?? output)
    }

    /// (in − 1)·stride + dilation·(kernel − 1) + 1 − before − after.
    private static func inferred(
        _ fields: UnpoolFields, _ axes: PooledAxes, _ reader: FieldReader
    ) throws(PoolingError) -> [Int] {
        let count = axes.pooled.count
        let (kernel, stride) = (fields.kernel.expanded(to: count), fields.stride.expanded(to: count))
        let (dilation, padding) = (fields.dilation.expanded(to: count), fields.padding.expanded(to: count))
        var extents: [Int] = []
        for (axis, extent) in axes.extents.enumerated() {
            let (steps, overflow) = (extent - 1).multipliedReportingOverflow(by: stride[axis])
            let reach = dilation[axis] * (kernel[axis] - 1) + 1 - padding[axis].before - padding[axis].after
            let (size, tooLarge) = steps.addingReportingOverflow(reach)
            guard !overflow, !tooLarge else {
                throw PoolingError(.workTooLarge, at: "", "the unpooled output would be too large to count")
            }
            guard size >= 1 || fields.outputSize != nil else {
                throw reader.rejection(
                    .outOfRange, at: "padding", "dimension \(axis) of the unpooled output would have \(size) elements")
            }
            extents.append(size)
        }
        return extents
    }

    /// Spatial extents from a spatial or a full shape.
    private static func extents(
        _ size: [Int]?, _ name: String, _ axes: PooledAxes, _ reader: FieldReader
    ) throws(PoolingError) -> [Int]? {
        guard let size else { return nil }
        let isSpatial = size.count == axes.pooled.count
        let pooled = isSpatial ? Array(size.indices) : axes.pooled
        if let empty = pooled.first(where: { $0 < size.count && size[$0] == 0 }) {
            throw reader.outOfRange("0", at: "\(name)/\(empty)", "from 1 to \(FieldNames.largestExtent)")
        }
        if isSpatial { return size }
        guard size.count == axes.shape.count else {
            throw reader.rejection(
                .wrongLength, at: name,
                "'\(name)' has \(size.count) entries and may have \(axes.pooled.count) or \(axes.shape.count)")
        }
        for axis in axes.kept where size[axis] != axes.shape[axis] {
            throw reader.rejection(
                .shapeMismatch, at: "\(name)/\(axis)",
                "axis \(axis) is not pooled: \(size[axis]) must be \(axes.shape[axis])")
        }
        return axes.pooled.map { size[$0] }
    }
}

/// Reads the number of one value.
private struct Locator: Sendable {
    private let geometry: Geometry
    private let scheme: IndexScheme
    private let indexStrides: [Int]
    private let outputStrides: [Int]
    private let base: IndexBase
    private let order: IndexOrder
    private let kernel: [Int]
    private let stride: [Int]
    private let dilation: [Int]
    private let before: [Int]

    init(_ geometry: Geometry, _ fields: UnpoolFields) {
        self.geometry = geometry
        (base, order) = (fields.base, fields.order)
        let axes = geometry.axes
        scheme = IndexScheme(
            base: fields.base, order: fields.order, shape: geometry.indexShape, axes: axes.pooled,
            batchAxis: axes.batch)
        indexStrides = geometry.indexShape.rowMajorStrides
        outputStrides = geometry.outputShape.rowMajorStrides
        let count = axes.pooled.count
        kernel = fields.kernel.expanded(to: count)
        stride = fields.stride.expanded(to: count)
        dilation = fields.dilation.expanded(to: count)
        before = fields.padding.expanded(to: count).map(\.before)
    }

    /// The output element that `number` names for the value at `position`; nil where there is none.
    func element(_ number: Int, _ position: [Int]) -> Int? {
        guard number >= 0 else { return nil }
        if base == .window { return kernelElement(number, position) }
        guard number < scheme.count else { return nil }
        let kept = geometry.axes.kept
        let anchor = kept.reduce(0) { $0 + position[$1] * indexStrides[$1] }
        return outputElement(scheme.element(number, anchor: anchor))
    }

    /// The output element at the coordinates of an element of the index shape.
    private func outputElement(_ element: Int) -> Int? {
        if geometry.indexShape == geometry.outputShape { return element }
        var offset = 0
        for axis in indexStrides.indices {
            let coordinate = element / indexStrides[axis] % geometry.indexShape[axis]
            guard coordinate < geometry.outputShape[axis] else { return nil }
            offset += coordinate * outputStrides[axis]
        }
        return offset
    }

    /// Cell `number` of the kernel, at o·stride − before + dilation·cell.
    private func kernelElement(_ number: Int, _ position: [Int]) -> Int? {
        let axes = geometry.axes
        var rest = number
        var offset = axes.kept.reduce(0) { $0 + position[$1] * outputStrides[$1] }
        for step in axes.pooled.indices {
            // The fastest axis first.
            let slot = order == .columnMajor ? step : axes.pooled.count - 1 - step
            let axis = axes.pooled[slot]
            let cell = rest % kernel[slot]
            rest /= kernel[slot]
            let coordinate = position[axis] * stride[slot] - before[slot] + dilation[slot] * cell
            guard (0..<geometry.outputShape[axis]).contains(coordinate) else { return nil }
            offset += coordinate * outputStrides[axis]
        }
        return rest == 0 ? offset : nil
    }
}
