package import PoolingEngine

/// Valid requests drawn from the whole space of regions, dimensions, layouts, types and parameters.
package struct RandomRequests: Sendable {
    private var random: SplitMix64

    package init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// A forward request of `op`; its values suit the op.
    package mutating func next(_ op: NamedOp) -> PoolingRequest {
        let layer = nextLayer(op)
        let floats: [ElementType] = [.float64, .float32, .float16, .bfloat16]
        let integers: [ElementType] = [.int8, .uint8, .int16, .uint16, .int32, .int64]
        let picks = op.takesIntegers && op.op != "product" && !layer.catalogRegion.isSampled
        let type = random.element(of: picks ? floats + integers : floats)
        let values = op.needs == .positive ? ValueCorpus.positive : random.element(of: [.normal, .manyTies, .negative])
        var input = values.tensor(shape: layer.shape, type, seed: random.next())
        if type.isInteger { input = small(input) }
        var request = layer.request(op, input: input)
        if op.hasIndices, !layer.catalogRegion.isSampled {
            request.fields.append(Field("return_indices", true))
            // Cells of a kernel have numbers where it slides; the catalogue does not say so.
            let bases = ["plane", "tensor"] + (layer.region == "sliding" ? ["window"] : [])
            request.fields.append(Field("index_base", .string(random.element(of: bases))))
        }
        return request
    }

    /// Values whose sums fit every type.
    private func small(_ tensor: Tensor) -> Tensor {
        Tensor(whole: tensor.wholeElements.map { $0 % 3 }, shape: tensor.shape, tensor.elementType)
    }

    private mutating func nextLayer(_ op: NamedOp) -> NamedLayer {
        while true {
            let layer = anyLayer()
            guard !layer.rejects(op), (try? Oracle(layer.request(op, input: zeros(layer.shape)))) != nil else {
                continue
            }
            return layer
        }
    }

    private func zeros(_ shape: [Int]) -> Tensor { Tensor(elementType: .float64, shape: shape, zeroed: true) }

    private mutating func anyLayer() -> NamedLayer {
        let layer = plainLayer()
        return random.chance(0.3) ? masked(shaped(layer)) : layer
    }

    /// The same layer with a footprint, where it has a kernel.
    private mutating func shaped(_ layer: NamedLayer) -> NamedLayer {
        guard layer.catalogRegion.takesFootprint, random.chance(0.6),
            let kernel = layer.fields.first(where: { $0.name == "kernel" })?.value.entries
        else { return layer }
        let shape = kernel.map { Int($0.real ?? 1) }
        let cells = (0..<shape.reduce(1, *)).map { _ in Int64(random.chance(0.7) ? 1 : 0) }
        guard cells.contains(1) else { return layer }
        let hasKernel = random.chance(0.5)
        return NamedLayer(
            layer.name, layer.shape, layer.fields.filter { hasKernel || $0.name != "kernel" },
            layer.tensors.merging([.footprint: Tensor(whole: cells, shape: shape, .bool)]) { $1 })
    }

    /// The same layer with a mask, where it can have one.
    private mutating func masked(_ layer: NamedLayer) -> NamedLayer {
        guard layer.catalogRegion.takesElementMask else { return layer }
        let axes = layer.axes
        let isPlane = random.chance(0.4)
        let shape =
            isPlane
            ? axes.extents
            : layer.shape.indices.map { axes.pooled.contains($0) || random.chance(0.5) ? layer.shape[$0] : 1 }
        let cells = (0..<shape.reduce(1, *)).map { _ in Int64(random.chance(0.6) ? 1 : 0) }
        let value = Field("empty_value", .whole(random.whole(0...3)))
        return NamedLayer(
            layer.name, layer.shape, layer.fields + (random.chance(0.3) ? [value] : []),
            layer.tensors.merging([.mask: Tensor(whole: cells, shape: shape, .bool)]) { $1 })
    }

    /// A layer over one of the regions, with parameters that fit its shape.
    ///
    /// The catalogue does not say which do. A region without a generator here is tested by the layers of ``ShapeCorpus``.
    private mutating func plainLayer() -> NamedLayer {
        switch random.whole(0...10) {
        case 0: return binned("adaptive", "output_size", 1...6)
        case 1: return global()
        case 2: return binned("pyramid", "levels", 1...3)
        case 3: return sequence()
        case 4: return segments()
        case 5: return roi("roi")
        case 6: return roi("roi_align")
        case 7: return bags()
        default: return sliding()
        }
    }

    /// Leading axes, spatial extents and channels, with the fields that say which is which.
    private mutating func frame(maximum: Int = 3, leading: ClosedRange<Int> = 0...3) -> (d: Int, [Int], [Field]) {
        let d = random.whole(1...maximum)
        let spatial = (0..<d).map { _ in random.whole(1...(d == 3 ? 4 : 7)) }
        let before = (0..<random.whole(leading)).map { _ in random.whole(1...3) }
        guard random.chance(0.35) else { return (d, before + spatial, []) }
        return (d, before + spatial + [random.whole(1...9)], [Field("layout", "channels_last")])
    }

    private mutating func sliding() -> NamedLayer {
        let (d, shape, fields) = frame()
        func list(_ range: ClosedRange<Int>) -> FieldValue { .wholes((0..<d).map { _ in random.whole(range) }) }
        var all = fields + [Field("kernel", list(1...3))]
        if random.chance(0.8) { all.append(Field("stride", list(1...3))) }
        if random.chance(0.3) { all.append(Field("dilation", list(1...2))) }
        if random.chance(0.3) { all.append(Field("ceil_mode", true)) }
        switch random.whole(0...5) {
        case 0: all.append(Field("padding", .string(random.element(of: ["same", "same_lower", "valid"]))))
        case 1: all.append(Field("padding", list(0...2)))
        case 2:
            all.append(Field("padding", list(0...2)))
            all += paddingModes(d)
        case 3:
            all.append(
                Field("padding", .list((0..<d).map { _ in .wholes([random.whole(0...2), random.whole(0...2)]) })))
        default: break
        }
        return NamedLayer("random sliding", shape, all)
    }

    /// A mode for all dimensions or one for each, with a constant where one of them asks for it.
    private mutating func paddingModes(_ d: Int) -> [Field] {
        let names = ["zeros", "replicate", "constant", "ignore", "symmetric", "reflect"]
        let modes = (0..<d).map { _ in random.element(of: names) }
        let isList = random.chance(0.5)
        let isConstant = isList ? modes.contains("constant") : modes[0] == "constant"
        let field = Field("padding_mode", isList ? .list(modes.map(FieldValue.string)) : .string(modes[0]))
        return [field] + (isConstant ? [Field("padding_value", .whole(random.whole(0...2)))] : [])
    }

    private mutating func global() -> NamedLayer {
        let (d, shape, fields) = frame()
        return NamedLayer("random global", shape, fields + [Field("region", "global"), Field("dims", .whole(d))])
    }

    private mutating func binned(_ region: String, _ field: String, _ range: ClosedRange<Int>) -> NamedLayer {
        let isPyramid = region == "pyramid"
        let (d, shape, fields) = frame(leading: isPyramid ? 0...0 : 0...3)
        let count = isPyramid ? random.whole(1...3) : d
        let sizes = FieldValue.wholes((0..<count).map { _ in random.whole(range) })
        let dims = isPyramid ? [Field("dims", .whole(d))] : []
        return NamedLayer(
            "random \(region)", shape, fields + dims + [Field("region", .string(region)), Field(field, sizes)])
    }

    private mutating func sequence() -> NamedLayer {
        let shape = [random.whole(1...3), random.whole(1...6), random.whole(1...5)]
        let lengths = (0..<shape[0]).map { _ in Int64(random.whole(0...shape[1])) }
        return NamedLayer(
            "random sequence", shape, [Field("region", "sequence")],
            [.lengths: Tensor(whole: lengths, shape: [shape[0]])])
    }

    private mutating func segments() -> NamedLayer {
        let shape = [random.whole(1...7), random.whole(1...5)]
        let ids = (0..<shape[0]).map { row in Int64(random.whole(row == 0 ? 0...3 : -1...3)) }
        return NamedLayer(
            "random segments", shape, [Field("region", "segments")],
            [.segmentIDs: Tensor(whole: ids, shape: [shape[0]])])
    }

    /// Offsets, spans or members, of which some bags have none.
    private mutating func bags() -> NamedLayer {
        let (rows, count) = (random.whole(1...7), random.whole(0...4))
        let isBatched = random.chance(0.3)
        let shape = (isBatched ? [random.whole(1...3)] : []) + [rows, random.whole(1...4)]
        func rising(_ end: Int) -> [Int64] { (0...count).map { _ in Int64(random.whole(0...end)) }.sorted() }
        func span() -> [Int64] { [random.whole(0...rows), random.whole(0...rows)].sorted().map { Int64($0) } }
        if isBatched || random.chance(0.4) {
            let spans = (0..<count).map { _ in
                (isBatched ? [Int64(random.whole(0...shape[0] - 1))] : []) + span()
            }
            let columns = isBatched ? 3 : 2
            return NamedLayer(
                "random bags", shape, [Field("region", "bags")],
                [.spans: Tensor(whole: spans.flatMap { $0 }, shape: [count, columns])])
        }
        guard random.chance(0.5) else {
            return NamedLayer(
                "random bags", shape, [Field("region", "bags")],
                [.offsets: Tensor(whole: rising(rows), shape: [count + 1])])
        }
        let members = (0..<random.whole(0...9)).map { _ in Int64(random.whole(0...rows - 1)) }
        return NamedLayer(
            "random bags", shape, [Field("region", "bags")],
            [
                .members: Tensor(whole: members, shape: [members.count]),
                .offsets: Tensor(whole: rising(members.count), shape: [count + 1]),
            ])
    }

    private mutating func roi(_ region: String) -> NamedLayer {
        let shape = [2, 4, random.whole(2...6), random.whole(2...6)]
        let count = random.whole(0...3)
        let rois = (0..<count).flatMap { _ in
            [Double(random.whole(0...1))] + (0..<4).map { _ in Double(random.whole(-8...32)) / 4 }
        }
        let fields = [
            Field("region", .string(region)),
            Field("output_size", .wholes([random.whole(1...2), random.whole(1...2)])),
            Field("position_sensitive", .bool(random.chance(0.3))),
        ]
        return NamedLayer("random \(region)", shape, fields, [.rois: Tensor(rois, shape: [count, 5], .float64)])
    }
}
