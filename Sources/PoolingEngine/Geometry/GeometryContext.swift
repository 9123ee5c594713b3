/// What a geometry depends on in addition to the shapes.
struct GeometryContext: Sendable {
    var indexBase = IndexBase.plane
    var indexOrder = IndexOrder.rowMajor
    /// What the op treats differently, so that planes must know theirs.
    var variation = PlaneVariation.none
    /// The type of the input.
    var elementType = ElementType.float32
    /// Whether windows are read at all; a gradient from indices needs only planes.
    var needsTaps = true
    /// Whether windows are read and all but one cell of each left alone, and no index is asked for.
    var readsEdges = false
    var outputShape: [Int] = []
    var reader: FieldReader
}

extension WindowGeometry {
    /// Windows along the pooled axes, each of which keeps its position and gets a new extent.
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
