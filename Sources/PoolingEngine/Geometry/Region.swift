/// Which input positions each output reads, before any input is known.
protocol Region: Sendable {
    static var descriptor: RegionDescriptor { get }
    static var capabilities: RegionCapabilities { get }

    /// Takes the region's parameters.
    init(_ reader: inout FieldReader, for op: any PoolingOp.Type) throws(PoolingError)

    /// The lengths of the lists among the parameters, which say how many dimensions are pooled.
    var lists: [(name: String, length: Int)] { get }

    /// Whether averages count padding unless the request says otherwise; nil where there is no padding.
    var countsPadding: Bool? { get }

    /// Whether a window can be empty, or a cell of it no element of the input.
    var canNameNothing: Bool { get }

    /// The pooled axes of an input of that shape.
    func pooledAxes(_ choice: AxisChoice, shape: [Int], reader: FieldReader) throws(PoolingError) -> PooledAxes

    /// The shape of the output.
    func outputShape(_ axes: PooledAxes, reader: FieldReader) throws(PoolingError) -> [Int]

    /// Channels of the output, where they are others than those of the input.
    func outputChannels(_ axes: PooledAxes) -> Int?

    /// The axis of the output that has channels, along which outputs can be joined; nil where there is none.
    func channelAxis(of axes: PooledAxes, outputRank: Int) -> Int?

    /// The extents of the kernel along the pooled axes; nil where windows have no kernel in common.
    func kernel(_ axes: PooledAxes) -> [Int]?

    /// The windows, in memory that does not depend on how many there are.
    func windows(_ axes: PooledAxes, _ context: GeometryContext) throws(PoolingError) -> LayerWindows

    /// How windows lie along the pooled axes, for a shape query; nil where that depends on more than shapes.
    func report(_ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> WindowReport?

    /// The inverse of a shape query along one axis of `count`.
    func inputSizes(
        giving output: SizeRange, axis: Int, of count: Int, _ reader: FieldReader
    ) throws(PoolingError) -> SizeRange?
}

/// What a kind of region can do; what it cannot do is rejected before any of its parameters is read.
struct RegionCapabilities: Sendable {
    /// Whether the request chooses the pooled axes with `layout`, `dims` or `axes`.
    var hasSpatialAxes = true
    /// Whether all windows have a kernel in common, whose cells weights can belong to.
    var hasKernel = false
    /// Whether indices can be numbered within the kernel (`index_base: window`).
    var numbersKernelCells = false
    /// Whether indices can be numbered within a sample (`index_base: sample`).
    var numbersSamples = true
    /// Whether elements can be left out of windows with `mask`.
    var takesMask = false
    /// Whether windows can be empty, for which there is `empty_value`.
    var canBeEmpty = false
    /// Whether windows are made of interpolated samples, of which no element can be named.
    var isSampled = false
    /// Whether input sizes follow from output sizes.
    var hasInverse = false

    /// Why an op does not work over such a region; nil where it does.
    func rejection(of op: any PoolingOp.Type) -> String? {
        if isSampled, !op.takesSamples { return "samples between cells can only be averaged or compared" }
        if op.needsKernel, !hasKernel { return "windows of different sizes have no common kernel for the weights" }
        return nil
    }
}

extension Region {
    var lists: [(name: String, length: Int)] { [] }
    var countsPadding: Bool? { nil }
    var canNameNothing: Bool { false }

    func pooledAxes(
        _ choice: AxisChoice, shape: [Int], reader: FieldReader
    ) throws(PoolingError) -> PooledAxes {
        let axes = try choice.resolve(shape: shape, lists: lists, reader: reader)
        try axes.requireElements(at: reader.pointer("input"))
        return axes
    }

    func outputChannels(_ axes: PooledAxes) -> Int? { nil }
    func channelAxis(of axes: PooledAxes, outputRank: Int) -> Int? {
        if Self.capabilities.hasSpatialAxes { return axes.channel }
        return outputRank > 1 ? outputRank - 1 : nil
    }

    func kernel(_ axes: PooledAxes) -> [Int]? { nil }

    func report(_ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> WindowReport? { nil }

    func inputSizes(
        giving output: SizeRange, axis: Int, of count: Int, _ reader: FieldReader
    ) throws(PoolingError) -> SizeRange? { nil }
}

/// Sizes from the smallest to the largest, nil where there is no largest.
struct SizeRange: Equatable, Sendable {
    var smallest: Int
    var largest: Int?

    func contains(_ size: Int) -> Bool { smallest <= size && size <= largest ?? .max }
}

/// What a geometry depends on beside the shapes.
struct GeometryContext: Sendable {
    var indexBase = IndexBase.plane
    var indexOrder = IndexOrder.rowMajor
    /// What the op treats differently, so that planes must know theirs.
    var variation = PlaneVariation.none
    /// The type of the input.
    var elementType = ElementType.float32
    /// Whether windows are read at all; a gradient from indices needs only planes.
    var needsTaps = true
    var outputShape: [Int] = []
    var reader: FieldReader
}

extension WindowGeometry {
    /// Windows along the pooled axes, each of which keeps its place and gets a new extent.
    ///
    /// - Parameter taps: one per pooled axis, in window order.
    static func inPlace(_ axes: PooledAxes, taps: [AxisTaps], _ context: GeometryContext) -> WindowGeometry {
        let indexing = axes.indexScheme(context)
        let inputStrides = axes.shape.rowMajorStrides
        let outputStrides = context.outputShape.rowMajorStrides
        let levels = axes.kept.map { axis in
            PlaneLevel(
                count: axes.shape[axis], input: inputStrides[axis], output: outputStrides[axis],
                index: indexing.numberSteps[axis],
                channel: axis == axes.axis(of: context.variation) ? 1 : 0)
        }
        return WindowGeometry(
            levels: levels, axes: taps, inputStrides: axes.pooled.map { inputStrides[$0] },
            indexStrides: axes.pooled.map { indexing.numberSteps[$0] },
            outputStrides: axes.pooled.map { outputStrides[$0] }, inputShape: axes.shape,
            outputShape: context.outputShape, indexing: indexing)
    }
}

extension PooledAxes {
    func indexScheme(_ context: GeometryContext) -> IndexScheme {
        IndexScheme(
            base: context.indexBase, order: context.indexOrder, shape: shape, axes: pooled, batchAxis: batch)
    }
}
