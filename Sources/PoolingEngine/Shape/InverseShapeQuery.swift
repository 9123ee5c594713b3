/// Which input sizes give an output size: the inverse of a shape query.
struct InverseShapeQuery: Sendable {
    let layers: [ShapeLayer]
    let reader: FieldReader

    /// - Parameter shape: spatial, or full.
    func result(_ shape: [Int]) throws(PoolingError) -> [Field] {
        guard let last = layers.last else { return [] }
        let extents = try last.spatialExtents(ofOutput: shape, reader)
        for layer in layers.reversed() {
            guard layer.layer.capabilities.hasInverse else { throw unsupported(layer) }
            try layer.requireDimensions(extents.count)
        }
        var budget = InverseChain.largestSearch
        var sizes: [SizeRange] = []
        for (axis, extent) in extents.enumerated() {
            var chain: [AxisInverse] = []
            for layer in layers {
                guard let inverse = try layer.layer.region.inverse(along: axis, of: extents.count) else {
                    throw unsupported(layer)
                }
                chain.append(inverse)
            }
            sizes.append(try self.sizes(of: chain, giving: extent, axis: axis, &budget))
        }
        return [
            Field("input_min", .integers(sizes.map(\.smallest))),
            Field("input_max", .list(sizes.map { $0.largest.map { .integer($0) } ?? .null })),
        ]
    }

    private func sizes(
        of chain: [AxisInverse], giving extent: Int, axis: Int, _ budget: inout Int
    ) throws(PoolingError) -> SizeRange {
        let sizes: SizeRange?
        do throws(InverseChain.SearchIsTooLong) {
            sizes = try InverseChain.sizes(of: chain, giving: extent, budget: &budget)
        } catch {
            throw reader.rejection(
                .workTooLarge, at: "output_shape",
                "too many input sizes along dimension \(axis) would have to be tried; ask about fewer layers")
        }
        guard let sizes else {
            throw reader.rejection(
                .outOfRange, at: "output_shape", "no input size gives dimension \(axis) an output of \(extent)")
        }
        return sizes
    }

    private func unsupported(_ layer: ShapeLayer) -> PoolingError {
        layer.reader.rejection(
            .unsupportedCombination, at: "region", "\(layer.layer.regionName) regions have no inverse shape query")
    }
}

extension ShapeLayer {
    /// Rejects lists of another length than the dimensions that are asked for.
    fileprivate func requireDimensions(_ count: Int) throws(PoolingError) {
        let known = try layer.axisChoice.statedCount(lists: layer.region.lists, reader: reader)
        guard let known, known.length != count else { return }
        throw reader.rejection(
            .wrongLength, at: known.name, "'\(known.name)' says \(known.length) dimensions, and there are \(count)")
    }

    /// The pooled extents of an output shape, which may be spatial or full.
    fileprivate func spatialExtents(ofOutput shape: [Int], _ reader: FieldReader) throws(PoolingError) -> [Int] {
        let known = try layer.axisChoice.statedCount(lists: layer.region.lists, reader: self.reader)
        let dims = known?.length ?? (shape.count <= 3 ? shape.count : shape.count - 2)
        if shape.count == dims { return shape }
        guard shape.count > dims else {
            throw reader.rejection(
                .wrongRank, at: "output_shape", "an output of rank \(shape.count) cannot have \(dims) pooled dimensions"
            )
        }
        let axes = try layer.axisChoice.resolve(shape: shape, lists: [("output_shape", dims)], reader: reader)
        return axes.extents
    }
}
