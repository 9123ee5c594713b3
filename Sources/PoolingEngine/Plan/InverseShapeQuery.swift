/// Which input sizes give an output size: the inverse of a shape query.
struct InverseShapeQuery: Sendable {
    let layers: [ShapeLayer]
    let reader: FieldReader

    /// Sizes from the smallest to the largest, nil where there is no largest.
    private struct Sizes: Equatable {
        var smallest: Int
        var largest: Int?
    }

    /// - Parameter shape: spatial, or full.
    func answer(_ shape: [Int]) throws(PoolingRefusal) -> [Field] {
        guard let last = layers.last else { return [] }
        let extents = try last.spatialExtents(ofOutput: shape, reader)
        var sizes = extents.map { Sizes(smallest: $0, largest: $0) }
        for layer in layers.reversed() {
            for axis in sizes.indices { sizes[axis] = try invert(layer, axis, of: sizes.count, sizes[axis]) }
        }
        return [
            Field("input_min", .integers(sizes.map(\.smallest))),
            Field("input_max", .list(sizes.map { $0.largest.map { .integer($0) } ?? .null })),
        ]
    }

    private func invert(
        _ layer: ShapeLayer, _ axis: Int, of count: Int, _ wanted: Sizes
    ) throws(PoolingRefusal) -> Sizes {
        guard case .whole(let region) = layer.layer.windows else { throw unsupported(layer) }
        switch region {
        case let sliding as SlidingRegion:
            return try search(wanted, axis) { sliding.outputExtent($0, axis: axis, of: count, layer.reader) }
        case is GlobalRegion:
            guard wanted.smallest <= 1 else { throw impossible(axis, wanted) }
            return Sizes(smallest: 1, largest: nil)
        case let adaptive as AdaptiveRegion:
            guard let bins = adaptive.outputSize.expanded(to: count)[axis] else { return wanted }
            guard wanted.smallest <= bins, bins <= wanted.largest ?? .max else { throw impossible(axis, wanted) }
            return Sizes(smallest: 1, largest: nil)
        default:
            throw unsupported(layer)
        }
    }

    /// Output sizes never shrink as the input grows, so both ends can be searched by halving.
    private func search(
        _ wanted: Sizes, _ axis: Int, _ output: (Int) -> Int?
    ) throws(PoolingRefusal) -> Sizes {
        let limit = FieldNames.largestExtent
        func first(where isReached: (Int) -> Bool) -> Int {
            var (low, high) = (1, limit + 1)
            while low < high {
                let middle = (low + high) / 2
                if isReached(middle) { high = middle } else { low = middle + 1 }
            }
            return low
        }
        let smallest = first { output($0) ?? 0 >= wanted.smallest }
        let beyond = wanted.largest.map { largest in first { output($0) ?? 0 > largest } }
        guard smallest <= limit, smallest < beyond ?? .max, let reached = output(smallest), reached >= wanted.smallest
        else { throw impossible(axis, wanted) }
        return Sizes(smallest: smallest, largest: beyond.map { $0 - 1 })
    }

    private func unsupported(_ layer: ShapeLayer) -> PoolingRefusal {
        layer.reader.refusal(
            .unsupportedCombination, at: "region", "\(layer.layer.regionName) regions have no inverse shape query")
    }

    private func impossible(_ axis: Int, _ wanted: Sizes) -> PoolingRefusal {
        reader.refusal(
            .outOfRange, at: "output_shape",
            "no input size gives dimension \(axis) an output of "
                + (wanted.largest == wanted.smallest
                    ? "\(wanted.smallest)" : "\(wanted.smallest) to \(wanted.largest.map(String.init) ?? "any")"))
    }
}

extension ShapeLayer {
    /// The pooled extents of an output shape, which may be spatial or full.
    fileprivate func spatialExtents(ofOutput shape: [Int], _ reader: FieldReader) throws(PoolingRefusal) -> [Int] {
        var lists: [(name: String, length: Int)] = []
        if case .whole(let region) = layer.windows { lists = region.lists }
        let known = layer.axisChoice.axes?.count ?? layer.axisChoice.dims ?? lists.first?.length
        let dims = known ?? (shape.count <= 3 ? shape.count : shape.count - 2)
        if shape.count == dims { return shape }
        guard shape.count > dims else {
            throw reader.refusal(
                .wrongRank, at: "output_shape", "an output of rank \(shape.count) cannot have \(dims) pooled dimensions"
            )
        }
        let axes = try layer.axisChoice.resolve(shape: shape, lists: [("output_shape", dims)], reader: reader)
        return axes.extents
    }
}

extension SlidingRegion {
    /// The output extent of an input extent along one axis; nil where the layer refuses it.
    fileprivate func outputExtent(_ input: Int, axis: Int, of count: Int, _ reader: FieldReader) -> Int? {
        let window = try? SlidingAxis(
            input: input, kernel: kernel.expanded(to: count)[axis],
            stride: (stride ?? kernel).expanded(to: count)[axis], dilation: dilation.expanded(to: count)[axis],
            padding: padding, position: axis, of: count, isCeiling: isCeiling, mode: mode, reader)
        guard let window, (try? window.requireSources(reader)) != nil else { return nil }
        return window.output
    }
}
