import PoolingEngine
import PoolingTestKit
import RecycledMemory
import Testing

/// `index_dtype`: the integer type of indices in results, and of those that come back.
@Suite struct IndexTypeTests {
    private let layer: Fields = ["kernel": [2, 2], "return_indices": true]

    @Test(arguments: [
        ("plane", "int32"), ("tensor", "int32"), ("sample", "int32"), ("window", "uint8"), ("window", "int32"),
    ])
    func `indices are the same numbers in a smaller type`(_ base: String, _ type: String) throws {
        for op in NamedOp.all where op.hasIndices {
            let input = op.values.tensor(shape: [2, 3, 5, 6], .float32)
            var asked = NamedLayer("types", [2, 3, 5, 6], layer).request(op, input: input).with(
                "index_base", .string(base))
            // It may select nothing, for which an unsigned type has no index.
            guard op.op != "stochastic" || type != "uint8" else {
                #expect(asked.with("index_dtype", .string(type)).rejection?.reason == .unsupportedCombination)
                continue
            }
            let wide = try asked.result(.indices)
            asked = asked.with("index_dtype", .string(type))
            let narrow = try asked.result(.indices)
            #expect(narrow.elementType.rawValue == type)
            #expect(narrow.wholeElements == wide.wholeElements)
            // Bytes of the result are counted as they are written.
            let plan = try PoolingPlan(asked, limits: .roomy)
            #expect(plan.cost.resultByteCount == narrow.byteCount + narrow.count * 4)
        }
    }

    @Test(arguments: [ElementType.int8, .uint8, .int16, .uint16, .int32, .int64])
    func `indices come back in any integer type`(_ type: ElementType) throws {
        let forward = request("max", layer, input: sixteen)
        let gradOutput = Tensor([1, 2, 3, 4], shape: [2, 2])
        let places = Tensor(whole: [5, 7, 13, 15], shape: [2, 2], type)
        let want = try forward.backward(gradOutput).result(.gradInput).rawBytes
        #expect(try forward.backward(gradOutput, indices: places).result(.gradInput).rawBytes == want)
        let unpooled = request(.unpool, ["kernel": [2, 2]], [.input: gradOutput, .indices: places])
        #expect(try unpooled.result(.output).rawBytes == want)
    }

    /// Planes that follow each other, planes side by side, and more of those than are read at a time.
    ///
    /// No plane has more elements than any of the types counts.
    @Test(
        arguments: [
            ElementType.int8, .uint8, .int16, .uint16, .int32, .float16, .bfloat16, .float32, .float64,
        ], [ElementType.float32, .float16])
    func `gradients follow indices of any type in any layout`(_ type: ElementType, _ elementType: ElementType) throws {
        for (shape, layout) in [
            ([2, 3, 11, 11], "channels_first"), ([2, 11, 11, 3], "channels_last"), ([1, 11, 11, 300], "channels_last"),
        ] {
            for base in ["plane", "window"] {
                let fields: Fields = [
                    "kernel": [3, 2], "stride": 1, "padding": [1, 1], "layout": .string(layout), "return_indices": true,
                    "index_base": .string(base), "index_order": "column_major",
                ]
                let forward = request("max", fields, input: ValueCorpus.normal.tensor(shape: shape, elementType))
                let indices = try forward.result(.indices)
                let gradOutput = ValueCorpus.normal.tensor(shape: indices.shape, elementType, seed: 2)
                let typed = Tensor(whole: indices.wholeElements, shape: indices.shape, type)
                let want = try forward.backward(gradOutput, indices: indices).result(.gradInput).rawBytes
                #expect(try forward.backward(gradOutput, indices: typed).result(.gradInput).rawBytes == want)
            }
            let plain = request(
                "max", ["kernel": 2, "layout": .string(layout), "dims": 2, "return_indices": true],
                input: ValueCorpus.normal.tensor(shape: shape, elementType))
            let indices = try plain.result(.indices)
            let gradOutput = ValueCorpus.normal.tensor(shape: indices.shape, elementType, seed: 2)
            let typed = Tensor(whole: indices.wholeElements, shape: indices.shape, type)
            let want = try plain.backward(gradOutput).result(.gradInput).rawBytes
            #expect(try plain.backward(gradOutput, indices: typed).result(.gradInput).rawBytes == want)
        }
    }

    @Test(
        arguments: [
            ["index_dtype": "uint8"], ["index_dtype": "uint8", "index_base": "tensor"],
            ["index_dtype": "uint8", "index_base": "window", "kernel": [17, 16], "stride": 1, "padding": [8, 8]],
            ["index_dtype": "uint8", "index_base": "window", "padding_mode": "zeros", "padding": [1, 1]],
            ["index_dtype": "uint8", "index_base": "window", "op": "stochastic", "seed": 1],
        ] as [Fields])
    func `a type that does not hold every index is rejected from shapes alone`(_ fields: Fields) throws {
        var asked = request(
            "max", ["kernel": [2, 2]], input: Tensor([Double](repeating: 1, count: 400), shape: [20, 20]))
        for (name, value) in fields { asked = asked.with(name, value) }
        let rejection = try #require(asked.rejection)
        #expect(rejection.reason == .unsupportedCombination)
        #expect(rejection.field == "index_dtype")
    }

    @Test func `a kernel of 256 cells has offsets of 8 bits`() throws {
        let input = Tensor((0..<256).map(Double.init), shape: [16, 16])
        let fields: Fields = [
            "kernel": [16, 16], "return_indices": true, "index_base": "window", "index_dtype": "uint8",
        ]
        #expect(try request("max", fields, input: input).result(.indices).wholeElements == [255])
    }

    @Test func `a shape query counts the bytes of indices`() throws {
        func maskBytes(_ more: Fields) throws -> FieldValue? {
            let fields: [Field] = [Field("input_shape", [1, 2, 4, 4]), Field("op", "max"), Field("kernel", 2)]
            return try ShapeQuery.result(fields + [Field](more), elementType: nil).first { $0.name == "mask_bytes" }?
                .value
        }
        #expect(try maskBytes([:]) == 64)
        #expect(try maskBytes(["index_dtype": "int32"]) == 32)
        #expect(try maskBytes(["index_dtype": "uint8", "index_base": "window"]) == 8)
        #expect(throws: PoolingError.self) { try maskBytes(["index_dtype": "uint8"]) }
        #expect(throws: PoolingError.self) {
            let fields: [Field] = [
                Field("input_shape", [1, 1, 50000, 50000]), Field("op", "max"), Field("kernel", 2),
                Field("index_dtype", "int32"),
            ]
            return try ShapeQuery.result(fields, elementType: nil)
        }
    }

    @Test(arguments: ["forward", "shape"])
    func `an op without indices takes no type for them`(_ endpoint: String) throws {
        let asked = request("avg", ["kernel": 2, "index_dtype": "int32"], input: sixteen)
        let rejection = try #require(
            endpoint == "forward" ? asked.rejection : shapeRejection(asked.fields + [Field("input_shape", [4, 4])]))
        #expect(rejection.reason == .unusedField)
        #expect(rejection.field == "index_dtype")
    }

    private func shapeRejection(_ fields: [Field]) -> PoolingError? {
        do throws(PoolingError) {
            _ = try ShapeQuery.result(fields, elementType: nil)
            return nil
        } catch {
            return error
        }
    }
}
