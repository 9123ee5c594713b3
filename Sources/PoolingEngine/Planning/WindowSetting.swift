/// A layer, the axes it pools and the result's shape, from which windows are made.
struct WindowSetting {
    let layer: Layer
    let axes: PooledAxes
    let outputShape: [Int]
    let indexFields: IndexFields
    let reader: FieldReader
    /// Whether windows are read at all; a gradient from indices may need only planes.
    var needsTaps = true

    /// The windows, and the op fitted to them.
    func windows(_ elementType: ElementType) throws(PoolingError) -> (LayerWindows, any PoolingOp) {
        let op = try layer.fittedOp(axes, reader)
        let context = GeometryContext(
            indexBase: indexFields.base, indexOrder: indexFields.order, variation: op.variation,
            elementType: elementType, needsTaps: needsTaps,
            readsEdges: needsTaps && !indexFields.isWanted && indexFields.base != .window && type(of: op).readsEdges,
            outputShape: outputShape, reader: reader)
        try reader.require(layer.emptyValue, heldBy: elementType, at: "empty_value")
        let windows = try restricted(try layer.region.windows(axes, context))
        let inputCount = axes.extents.reduce(1) { $0.multipliedSaturating(by: $1) }
        guard windows.largestWindow <= max(WorkLimits.paddedWindow, inputCount) else {
            throw PoolingError(
                .workTooLarge, at: reader.pointer("kernel"),
                "a window of \(windows.largestWindow) cells is too large; the most is \(WorkLimits.paddedWindow) where "
                    + "padding takes part")
        }
        return (windows, op)
    }

    /// Windows without what a mask hides, planes folded as far as they go.
    private func restricted(_ windows: LayerWindows) throws(PoolingError) -> LayerWindows {
        let (mask, emptyValue) = (try layer.elementMask(axes, reader), layer.emptyValue)
        var windows = windows
        if mask != nil || emptyValue != FieldNumber(0) {
            windows = windows.map { geometry in
                var restricted = mask.map(geometry.masked(by:)) ?? geometry
                restricted.emptyValue = emptyValue
                return restricted
            }
        }
        switch windows {
        case .whole(let geometries): return .whole(geometries.map(\.merged))
        case .parts(var parts):
            (parts.emptyValue, parts.isSelective) = (emptyValue, mask != nil)
            return .parts(parts)
        case .sampled: return windows
        }
    }
}
