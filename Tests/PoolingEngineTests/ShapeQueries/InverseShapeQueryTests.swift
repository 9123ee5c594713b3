import PoolingEngine
import PoolingTestKit
import Testing

/// Holds inverse shape queries to the shape queries that they invert, size by size.
@Suite struct InverseShapeQueryTests {
    /// Larger than any size that gives one of the outputs which are asked about.
    private static let longest = 160

    private func result(_ fields: [Field]) throws(PoolingError) -> [String: FieldValue] {
        let members = try ShapeQuery.result(fields, elementType: .float32)
        return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) })
    }

    /// Holds the results for layers that pool one axis to those for every size of it.
    private func check(_ fields: [Field], outputs: ClosedRange<Int> = 1...5) throws {
        var sizes: [Int: [Int]] = [:]
        for size in 1...Self.longest {
            guard let shape = try? result(fields + [Field("input_shape", [.whole(size)])])["output_shape"] else {
                continue
            }
            if let output = shape.onlyNumber { sizes[output, default: []].append(size) }
        }
        for output in outputs {
            let query = fields + [Field("output_shape", [.whole(output)])]
            guard let least = sizes[output]?.min(), let most = sizes[output]?.max() else {
                let rejection = #expect(throws: PoolingError.self, "\(query)") { try result(query) }
                #expect(rejection?.reason == .outOfRange, "\(query)")
                continue
            }
            // Sizes beyond may give it as well.
            guard most < Self.longest else { continue }
            do {
                let inverse = try result(query)
                #expect(inverse["input_min"] == [.whole(least)], "\(query)")
                #expect(inverse["input_max"] == [.whole(most)], "\(query)")
            } catch {
                Issue.record("\(query): \(error.detail)")
            }
        }
    }

    @Test(
        arguments: [
            ["kernel": 3, "stride": 2, "padding": 1], ["kernel": 2, "stride": 3],
            ["kernel": 2, "stride": 2, "ceil_mode": true],
            ["kernel": 3, "stride": 2, "dilation": 2], ["kernel": 3, "stride": 3, "padding": "same"],
            ["kernel": 2, "stride": 3, "padding": 1, "ceil_mode": true],
            // Sizes with an empty window between those without one.
            ["kernel": [2], "stride": [4], "padding": [[1, 2]]],
            ["kernel": [1], "stride": [4], "padding": [[0, 2]]],
            ["kernel": [1], "stride": [4], "padding": [[0, 2]], "ceil_mode": true],
            ["kernel": 2, "stride": 4, "padding": "same", "padding_mode": "reflect"],
            ["kernel": 4, "stride": 4, "dilation": 3, "padding": "same", "padding_mode": "reflect"],
            ["kernel": 3, "stride": 3, "dilation": 2, "padding": "same", "padding_mode": "reflect"],
            ["kernel": 2, "stride": 1, "dilation": 9, "padding": "same"],
            // No size is without one.
            ["kernel": 1, "stride": 1, "padding": [[0, 3]]],
        ] as [Fields])
    func `the inverse query finds every size that gives the output`(_ layer: Fields) throws {
        try check([Field](layer) + [Field("op", "max"), Field("dims", 1)])
    }

    @Test(arguments: 0..<6)
    func `the inverse query of random layers finds every size that gives the output`(_ seed: Int) throws {
        var random = RandomLayers(seed: seed)
        for _ in 0..<25 { try check(random.layer() + [Field("dims", 1)]) }
    }

    @Test(arguments: 0..<4)
    func `the inverse query of random stacks finds every size that gives the output`(_ seed: Int) throws {
        var random = RandomLayers(seed: 100 + seed)
        for _ in 0..<15 {
            let layers = (0..<random.numbers.whole(2...3)).map { _ in
                FieldValue.object(random.layer(strides: 1...2) + [Field("dims", 1)])
            }
            try check([Field("layers", .list(layers))], outputs: 1...3)
        }
    }

    @Test func `each axis has sizes of its own`() throws {
        let inverse = try result([
            Field("op", "avg"), Field("kernel", [2, 4, 3]), Field("stride", [4, 4, 3]), Field("dilation", [1, 3, 2]),
            Field("padding", "same"), Field("padding_mode", "reflect"), Field("output_shape", [1, 1, 1]),
        ])
        #expect(inverse["input_min"] == [2, 4, 3])
        #expect(inverse["input_max"] == [4, 4, 3])
    }

    @Test func `a global layer has no largest input`() throws {
        let global = FieldValue.object([Field("op", "avg"), Field("region", "global"), Field("dims", 1)])
        let inverse = try result([Field("op", "max"), Field("region", "global"), Field("output_shape", [1, 1])])
        #expect(inverse["input_min"] == [1, 1])
        #expect(inverse["input_max"] == [nil, nil])
        let sliding = FieldValue.object([Field("op", "max"), Field("kernel", 3), Field("dims", 1)])
        let stack = try result([Field("layers", [sliding, global]), Field("output_shape", [1])])
        #expect(stack["input_min"] == [3])
        #expect(stack["input_max"] == [nil])
        // Mirrored padding needs as many elements as it has cells, and one more.
        let mirrored = FieldValue.object([
            Field("op", "max"), Field("kernel", 3), Field("stride", 1), Field("padding", 1_000_000),
            Field("padding_mode", "reflect"), Field("dims", 1),
        ])
        let large = try result([Field("layers", [mirrored, global]), Field("output_shape", [1])])
        #expect(large["input_min"] == [1_000_001])
        // Every size leaves the last window of the first layer empty.
        let empty = FieldValue.object([
            Field("op", "max"), Field("kernel", 1), Field("padding", [[0, 9]]), Field("dims", 1),
        ])
        #expect(throws: PoolingError.self) {
            try result([Field("layers", [empty, global]), Field("output_shape", [1])])
        }
    }
}

/// Layers over one axis, of which many have windows without an element for some sizes.
private struct RandomLayers {
    var numbers: SplitMix64

    init(seed: Int) { numbers = SplitMix64(seed: UInt64(seed)) }

    mutating func layer(strides: ClosedRange<Int> = 1...5) -> [Field] {
        let kernel = numbers.whole(1...4)
        var fields = [
            Field("op", "max"), Field("kernel", .whole(kernel)), Field("stride", .whole(numbers.whole(strides))),
            Field("dilation", .whole(numbers.chance(0.6) ? 1 : numbers.whole(2...6))),
            Field("ceil_mode", .bool(numbers.chance(0.4))),
            Field(
                "padding_mode",
                .string(
                    numbers.chance(0.6)
                        ? "ignore" : numbers.element(of: ["zeros", "reflect", "symmetric", "replicate", "circular"]))),
        ]
        switch numbers.whole(0...3) {
        case 0: fields.append(Field("padding", .string(numbers.element(of: ["same", "same_lower", "valid"]))))
        case 1: fields.append(Field("padding", .whole(numbers.whole(0...3))))
        default:
            fields.append(Field("padding", [[.whole(numbers.whole(0...3)), .whole(numbers.whole(0...5))]]))
        }
        if numbers.chance(0.25) {
            let cells = (0..<kernel).map { FieldValue.bool($0 == kernel / 2 || numbers.chance(0.4)) }
            fields.append(Field("footprint", .list(cells)))
        }
        return fields
    }
}
