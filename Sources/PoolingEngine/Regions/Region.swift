/// Which input positions make up each region, before any input is known.
protocol Region: Sendable {
    static var descriptor: RegionDescriptor { get }

    /// Takes the region's parameters.
    init(_ reader: inout FieldReader) throws(PoolingRefusal)

    /// The lengths of the lists among the parameters, which say how many dimensions are pooled.
    var lists: [(name: String, length: Int)] { get }

    /// Whether averages count padding unless the request says otherwise.
    var countsPadding: Bool { get }

    /// The pooled axes of an input of that shape.
    func pooledAxes(_ choice: AxisChoice, shape: [Int], reader: FieldReader) throws(PoolingRefusal) -> PooledAxes

    /// The shape of the output; checked, and made without building any table.
    func outputShape(_ axes: PooledAxes, reader: FieldReader) throws(PoolingRefusal) -> [Int]

    /// The taps of every window, built once the output's size is known to be within bounds.
    func geometry(_ axes: PooledAxes, _ context: GeometryContext) throws(PoolingRefusal) -> WindowGeometry
}

extension Region {
    var lists: [(name: String, length: Int)] { [] }
    var countsPadding: Bool { false }

    func pooledAxes(
        _ choice: AxisChoice, shape: [Int], reader: FieldReader
    ) throws(PoolingRefusal) -> PooledAxes {
        let axes = try choice.resolve(shape: shape, lists: lists, reader: reader)
        try axes.requireElements(at: reader.pointer("input"))
        return axes
    }
}

/// What a geometry depends on beside the shapes.
struct GeometryContext: Sendable {
    var indexBase = IndexBase.plane
    var indexOrder = IndexOrder.rowMajor
    /// Whether the op treats channels differently, so that planes must know theirs.
    var needsChannels = false
    /// The type in which fractional boundaries are computed.
    var computesInDouble = false
    /// Whether windows are read at all; a gradient from a mask needs only planes.
    var needsTaps = true
    var outputShape: [Int] = []
    var reader: FieldReader
}

extension WindowGeometry {
    /// Windows along the pooled axes, each of which keeps its place and gets a new extent.
    ///
    /// - Parameter taps: one table a pooled axis, in window order.
    static func inPlace(_ axes: PooledAxes, taps: [AxisTaps], _ context: GeometryContext) -> WindowGeometry {
        var geometry = inPlaceFrame(axes, context)
        let block = WindowBlock(
            axes: taps, inputStrides: axes.pooled.map { axes.shape.rowMajorStrides[$0] },
            indexStrides: axes.pooled.map { geometry.indexing.numberSteps[$0] },
            outputStrides: axes.pooled.map { context.outputShape.rowMajorStrides[$0] })
        geometry.blocks = [block]
        geometry.groups = [WindowGroup(planes: 0..<geometry.planeCount, blocks: 0..<1)]
        return geometry
    }

    /// The loop over planes of a region that keeps the place of every axis, without blocks.
    static func inPlaceFrame(_ axes: PooledAxes, _ context: GeometryContext) -> WindowGeometry {
        let indexing = axes.indexScheme(context)
        let inputStrides = axes.shape.rowMajorStrides
        let outputStrides = context.outputShape.rowMajorStrides
        let levels = axes.kept.map { axis in
            PlaneLevel(
                count: axes.shape[axis], input: inputStrides[axis], output: outputStrides[axis],
                index: indexing.numberSteps[axis],
                channel: context.needsChannels && axis == axes.channel ? 1 : 0)
        }
        return WindowGeometry(
            levels: levels, groups: [], blocks: [], inputShape: axes.shape, outputShape: context.outputShape,
            indexing: indexing)
    }
}

extension PooledAxes {
    func indexScheme(_ context: GeometryContext) -> IndexScheme {
        IndexScheme(
            base: context.indexBase, order: context.indexOrder, shape: shape, axes: pooled, batchAxis: batch)
    }
}
