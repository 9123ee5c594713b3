import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct ShapeQueryTests {
    private func result(_ fields: Fields) throws -> [String: FieldValue] {
        let members = try ShapeQuery.result([Field](fields), elementType: .float32)
        return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) })
    }

    @Test func `one layer is described in full`() throws {
        let layer = try result([
            "input_shape": [1, 64, 112, 112], "op": "max", "kernel": 3, "stride": 2, "padding": 1,
        ])
        #expect(layer["output_shape"] == [1, 64, 56, 56])
        #expect(layer["padding"] == [[1, 1], [1, 1]])
        #expect(layer["windows"] == .whole(64 * 56 * 56))
        // The first window of each axis hangs over; 110 of the 3136 windows of a plane are in the first row or column.
        #expect(layer["clipped_windows"] == .whole(64 * 111))
        #expect(layer["unused"] == [0, 0])
        #expect(layer["receptive_field"] == [3, 3])
        #expect(layer["jump"] == [2, 2])
        #expect(layer["start"] == [0, 0])
        #expect(layer["input_bytes"] == .whole(64 * 112 * 112 * 4))
        #expect(layer["output_bytes"] == .whole(64 * 56 * 56 * 4))
        #expect(layer["mask_bytes"] == .whole(64 * 56 * 56 * 8))
        // Taps: 56·3 − 1 an axis; one comparison fewer than taps in every window.
        #expect(layer["operations"] == .whole(64 * (167 * 167 - 56 * 56)))
    }

    @Test func `an average divides once a window`() throws {
        let layer = try result(["input_shape": [4, 4], "op": "avg", "kernel": 2])
        #expect(layer["operations"] == .whole(4 * (3 + 1)))
        #expect(layer["mask_bytes"] == nil || layer["mask_bytes"] == 0)
    }

    @Test func `positions that no window reads are counted`() throws {
        let layer = try result(["input_shape": [11], "op": "max", "kernel": [2], "stride": [3]])
        // Windows at 0, 3, 6, 9 leave 2, 5 and 8.
        #expect(layer["output_shape"] == [4])
        #expect(layer["unused"] == [3])
    }

    @Test func `each output of two stacked halvings sees four inputs`() throws {
        let stack = try result([
            "input_shape": [8, 8],
            "layers": [
                .object([Field("op", "max"), Field("kernel", 2)]), .object([Field("op", "max"), Field("kernel", 2)]),
            ],
        ])
        #expect(stack["output_shape"] == [2, 2])
        #expect(stack["receptive_field"] == [4, 4])
        #expect(stack["jump"] == [4, 4])
        #expect(stack["start"] == [1.5, 1.5])
        #expect(stack["operations"] == .whole(16 * 3 + 4 * 3))
        #expect(stack["layers"]?.entryCount == 2)
    }

    @Test func `a shape query agrees with what the layer does`() throws {
        for layer in ShapeCorpus.all where !["roi", "roi_align", "fractional"].contains(layer.region) {
            let tensors = layer.tensors.map { Field($0.key.rawValue, .object($0.value)) }
            let fields = layer.fields + tensors + [Field("op", "max"), Field("input_shape", .wholes(layer.shape))]
            let members = try ShapeQuery.result(fields, elementType: .float32)
            let want = try #require(
                NamedOp.all.first { $0.op == "max" }.map {
                    try Oracle(layer.request($0, input: ValueCorpus.normal.tensor(shape: layer.shape, .float32)))
                        .outputShape
                })
            #expect(members.first { $0.name == "output_shape" }?.value == .wholes(want), "\(layer)")
        }
    }

    @Test func `rows are grouped as in a request`() throws {
        let bags = try result([
            "input_shape": [6, 4], "op": "max", "region": "bags", "offsets": [0, 2, 2, 6],
        ])
        #expect(bags["output_shape"] == [3, 4])
        let members = try result([
            "input_shape": [6, 4], "op": "sum", "region": "bags", "members": [5, 0, 5], "offsets": [0, 1, 3],
        ])
        #expect(members["output_shape"] == [2, 4])
        let segments = try result([
            "input_shape": [4, 2], "op": "max", "region": "segments", "segment_ids": [0, 6, -1, 2],
        ])
        #expect(segments["output_shape"] == [7, 2])
        #expect(throws: PoolingError.self) {
            try result(["input_shape": [6, 4], "op": "max", "region": "bags", "offsets": [0, 7]])
        }
    }

    @Test(
        arguments: [
            (["region": "sequence"], .lengths, Tensor(whole: [2, 4], shape: [2])),
            (["region": "sequence"], .lengths, Tensor(whole: [-1, 3], shape: [2])),
            (["region": "sequence"], .lengths, Tensor(whole: [1, 2, 3], shape: [3])),
            (["region": "sequence"], .mask, Tensor(whole: [1, 1, 1], shape: [3], .bool)),
            (["region": "segments"], .segmentIDs, Tensor(whole: [0, 1, 2], shape: [3])),
            (["region": "segments", "segments": 2], .segmentIDs, Tensor(whole: [0, 2], shape: [2])),
            (["region": "bags"], .offsets, Tensor(whole: [0, 3], shape: [2])),
            (["region": "bags"], .spans, Tensor(whole: [2, 0, 1], shape: [1, 3])),
            (["kernel": 2], .mask, Tensor(whole: [1, 1], shape: [2], .bool)),
            (["region": "adaptive", "output_size": 2], .mask, Tensor(whole: [1, 1, 1, 1], shape: [2, 2], .bool)),
            (["region": "global"], .mask, Tensor(whole: [1], shape: [1], .bool)),
        ] as [(Fields, TensorName, Tensor)])
    func `a tensor that does not belong to the input is rejected as in a request`(
        _ fields: Fields, _ name: TensorName, _ tensor: Tensor
    ) throws {
        let input = Tensor([Double](repeating: 1, count: 12), shape: [2, 3, 2])
        let want = try #require(request("max", fields, input: input, [name: tensor]).rejection)
        let query =
            [Field("op", "max"), Field("input_shape", [2, 3, 2]), Field(name.rawValue, .object(tensor))]
            + [Field](fields)
        #expect(throws: want) { try ShapeQuery.result(query, elementType: nil) }
    }

    /// 3⁴⁰ cells are more than an integer holds.
    @Test func `a kernel of more cells than can be counted is described`() throws {
        let twos = FieldValue.wholes([Int](repeating: 2, count: 40))
        func result(giving field: String) throws -> [String: FieldValue] {
            try self.result([
                field: twos, "op": "max", "kernel": 3, "dilation": 5, "padding": 5, "stride": 1, "dims": 40,
            ])
        }
        #expect(try result(giving: "input_shape")["output_shape"] == twos)
        #expect(try result(giving: "output_shape")["input_min"] == twos)
    }

    @Test func `layers times axes are limited`() throws {
        let layer = FieldValue.object([Field("op", "max"), Field("kernel", 1)])
        let layers = FieldValue.list([FieldValue](repeating: layer, count: 1024))
        func result(rank: Int, of field: String) throws -> [String: FieldValue] {
            try self.result([field: .wholes([Int](repeating: 1, count: rank)), "layers": layers])
        }
        #expect(try result(rank: 32, of: "input_shape")["layers"]?.entryCount == 1024)
        #expect(try result(rank: 32, of: "output_shape")["input_min"] != nil)
        for field in ["input_shape", "output_shape"] {
            #expect(throws: PoolingError.self) { try result(rank: 33, of: field) }
        }
    }

    @Test(arguments: ["channels_last", "NHWC"])
    func `the layout of a stack is next to its layers, or in each`(_ layout: String) throws {
        let bare = FieldValue.object([Field("op", "max"), Field("kernel", 2)])
        let own = FieldValue.object([Field("op", "max"), Field("kernel", 2), Field("layout", "channels_last")])
        for layers in [[bare, bare], [own, bare], [own, own]] {
            let stack = try result(["input_shape": [1, 8, 12, 5], "layers": .list(layers), "layout": .string(layout)])
            #expect(stack["output_shape"] == [1, 2, 3, 5])
            let inverse = try result([
                "output_shape": [1, 2, 3, 5], "layers": .list(layers), "layout": .string(layout),
            ])
            #expect(inverse["input_min"] == [8, 12])
        }
        #expect(
            try result(["input_shape": [1, 8, 12, 5], "layers": .list([own, own])])["output_shape"] == [1, 2, 3, 5])
    }

    @Test func `a layer of a stack has no other layout than the stack`() throws {
        let own = FieldValue.object([Field("op", "max"), Field("kernel", 2), Field("layout", "NCHW")])
        let rejection = try #require(throws: PoolingError.self) {
            try result(["input_shape": [1, 8, 12, 5], "layers": .list([own]), "layout": "NHWC"])
        }
        #expect(rejection.field == "layers/0/layout")
        let wrong = try #require(throws: PoolingError.self) {
            try result(["input_shape": [1, 8, 12, 5], "layers": .list([own]), "layout": "HW"])
        }
        #expect(wrong.reason == .unsupportedCombination || wrong.field == "layout")
    }

    @Test func `neither shape is rejected, and so are both`() throws {
        #expect(throws: PoolingError.self) { try result(["op": "max", "kernel": 2]) }
        #expect(throws: PoolingError.self) {
            try result(["op": "max", "kernel": 2, "input_shape": [4, 4], "output_shape": [2, 2]])
        }
    }
}

extension FieldValue {
    /// The number of a list of one.
    var onlyNumber: Int? {
        if case .list(let list) = self, case .number(let number) = list.first { Int(number.value) } else { nil }
    }

    var entryCount: Int? {
        if case .list(let list) = self { list.count } else { nil }
    }
}

extension FieldValue {
    /// A tensor as `shape` and `data`.
    fileprivate static func object(_ tensor: Tensor) -> FieldValue {
        .object([
            Field("shape", .wholes(tensor.shape)),
            Field("data", .list(tensor.doubles.map { .number(FieldNumber(value: $0, whole: Int128(exactly: $0))) })),
        ])
    }
}
