extension TensorName {
    package static let mask = TensorName("mask", .bool, rank: 2, decidesShapes: true)
}

/// Booleans that say which elements of the input take part in windows (`mask`).
struct ElementMask: Sendable {
    static let parameter = ParameterDescriptor(
        .mask,
        "booleans of the spatial shape, or of the rank of the input with 1 for axes that are not pooled: "
            + "false elements take no part",
        otherNames: OtherNames(["attentionmask", "attnmask", "inputmask", "tokenmask", "sequencemask", "masks"])
            .with("with the opposite value", ["paddingmask", "padmask", "keypaddingmask", "srckeypaddingmask"]))

    let cells: Tensor
    private let inputShape: [Int]
    /// Entries from element to element along each axis of the input; 0 where all of them share one.
    private let steps: [Int]

    /// Nil where every element takes part.
    ///
    /// - Parameter cells: a tensor of booleans.
    init?(_ cells: Tensor, _ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) {
        let strides = cells.shape.rowMajorStrides
        var steps = axes.shape.map { _ in 0 }
        if cells.shape == axes.extents {
            for (axis, stride) in zip(axes.pooled, strides) { steps[axis] = stride }
        } else {
            let isFitting =
                cells.rank == axes.shape.count
                && axes.shape.indices.allSatisfy { axis in
                    cells.shape[axis] == axes.shape[axis] || (cells.shape[axis] == 1 && !axes.pooled.contains(axis))
                }
            guard isFitting else {
                let whole =
                    axes.extents == axes.shape ? "" : ", or \(axes.shape), where axes that are not pooled may be 1"
                throw reader.rejection(
                    .shapeMismatch, at: "mask",
                    "'mask' has shape \(cells.shape); it must have \(axes.extents), the pooled axes\(whole)")
            }
            for axis in steps.indices where cells.shape[axis] > 1 { steps[axis] = strides[axis] }
        }
        guard cells.withElements(as: UInt8.self, { $0.contains(0) }) else { return nil }
        (self.cells, self.steps, inputShape) = (cells, steps, axes.shape)
    }

    /// Entries between two elements of the input that are so far apart.
    func distance(_ elements: Int) -> Int {
        var (rest, distance) = (elements, 0)
        for (axis, stride) in inputShape.rowMajorStrides.enumerated() where inputShape[axis] > 1 {
            distance += rest / stride * steps[axis]
            rest %= stride
        }
        return distance
    }
}

/// The part of an ``ElementMask`` that the windows of a geometry see.
struct WindowMask: Sendable {
    let cells: Tensor
    /// The entry of the first element of the first plane.
    var base: Int
    /// From source position to source position along each pooled axis.
    let strides: [Int]
    /// How far an output position moves the plane that is read; empty for not at all.
    let binStrides: [Int]
}

extension WindowGeometry {
    /// The same windows without the elements that `mask` hides; levels are those of single axes still.
    func masked(by mask: ElementMask) -> WindowGeometry {
        var masked = self
        masked.mask = WindowMask(
            cells: mask.cells, base: mask.distance(inputBase), strides: inputStrides.map(mask.distance),
            binStrides: binStrides.map(mask.distance))
        for level in levels.indices { masked.levels[level].mask = mask.distance(levels[level].input) }
        return masked
    }

    /// Whether some cells of windows take no part, so that windows are no products of axes.
    var isSelective: Bool { footprint != nil || mask != nil }
}

extension LayerWindows {
    /// Every geometry changed by `transform`.
    func map(_ transform: @escaping @Sendable (WindowGeometry) -> WindowGeometry) -> LayerWindows {
        switch self {
        case .whole(let geometries): return .whole(geometries.map(transform))
        case .parts(let parts): return .parts(parts.map(transform))
        case .sampled: return self
        }
    }
}
