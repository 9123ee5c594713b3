import PoolingEngine
import PoolingTestKit
import Testing

/// Holds kernels that fold whole rows to the oracle, over layers that they cut up.
@Suite struct LargeLayerTests {
    private static let folded = NamedOp.all.filter { ["max", "min", "avg", "sum"].contains($0.op) }

    /// Listing windows takes most of the time, so that it is done once for all tests.
    private static let oracles = Dictionary(
        uniqueKeysWithValues: ShapeCorpus.large.map { layer in (layer.name, Result { try layer.oracle() }) })

    private static func oracle(of layer: NamedLayer) throws -> Oracle {
        try #require(oracles[layer.name]).get()
    }

    @Test(arguments: ShapeCorpus.large)
    func `large layers agree with the oracle`(_ layer: NamedLayer) throws {
        let windows = try Self.oracle(of: layer)
        for op in Self.folded {
            for type in [ElementType.float32, .bfloat16] {
                let values: ValueCorpus = op.selects ? .special : .normal
                let request = layer.request(op, input: GuardedMemory.holding(values.tensor(shape: layer.shape, type)))
                #expect(try disagreement(request, op, windowsOf: windows) == nil, "\(op), \(type)")
            }
        }
    }

    @Test(arguments: ShapeCorpus.large)
    func `masks of large layers agree with the oracle`(_ layer: NamedLayer) throws {
        let windows = try Self.oracle(of: layer)
        for op in Self.folded where op.hasIndices {
            for (values, type) in [(ValueCorpus.special, ElementType.float32), (.manyTies, .float64)] {
                let input = GuardedMemory.holding(values.tensor(shape: layer.shape, type))
                let request = layer.request(op, input: input).with("return_indices", true)
                    .with("index_order", type == .float64 ? "column_major" : "row_major")
                #expect(try disagreement(request, op, windowsOf: windows) == nil, "\(op), \(type)")
            }
        }
    }

    @Test(arguments: ShapeCorpus.large)
    func `integers of large layers are chosen exactly`(_ layer: NamedLayer) throws {
        let windows = try Self.oracle(of: layer)
        for op in Self.folded where op.selects {
            let types: [ElementType] = op.op == "max" ? [.uint8, .int16, .int32] : [.int8, .uint16, .int64]
            for type in types where op.fields.isEmpty {
                let input = GuardedMemory.holding(ValueCorpus.manyTies.tensor(shape: layer.shape, type))
                let request = layer.request(op, input: input)
                let placed = type == .int64 || type == .uint8 ? request.with("return_indices", true) : request
                #expect(try disagreement(placed, op, windowsOf: windows) == nil, "\(op), \(type)")
            }
        }
    }

    @Test(arguments: ShapeCorpus.large)
    func `tiles of neighbouring windows agree with the oracle`(_ layer: NamedLayer) throws {
        let windows = try Self.oracle(of: layer)
        for op in NamedOp.all where ["median", "quantile", "first", "last", "mean_sqrt_len"].contains(op.op) {
            for values in op.selects ? [ValueCorpus.special, .manyTies] : [.normal] {
                let input = GuardedMemory.holding(values.tensor(shape: layer.shape, .float32))
                #expect(try disagreement(layer.request(op, input: input), op, windowsOf: windows) == nil, "\(op)")
            }
        }
    }

    @Test(arguments: ShapeCorpus.large)
    func `gradients of tiles of neighbouring windows agree with the oracle`(_ layer: NamedLayer) throws {
        let windows = try Self.oracle(of: layer)
        for op in NamedOp.all where ["lp", "softmax", "quantile", "first"].contains(op.op) && op.fields.isEmpty {
            let input = GuardedMemory.holding(ValueCorpus.normal.tensor(shape: layer.shape, .float32))
            let backward = layer.request(op, input: input).backward(layer.gradOutput(windows, .float32))
            #expect(try gradientDisagreement(backward, windowsOf: windows) == nil, "\(op)")
        }
    }

    @Test(arguments: [
        ([43, 5, 71, 75], "channels_first"), ([11, 71, 75, 19], "channels_last"), ([9, 1, 370, 371], "NCHW"),
        ([400, 40, 9, 8], "channels_first"),
    ])
    func `gradients that the caches do not hold are those of each sample`(_ shape: [Int], _ layout: String) throws {
        let fields: Fields = ["kernel": [3, 2], "stride": [2, 1], "padding": [1, 0], "layout": .string(layout)]
        let count = shape.reduce(1, *)
        func asked(_ values: [Double], _ samples: Int) throws -> PoolingRequest {
            let input = Tensor(values, shape: [samples] + shape.dropFirst(), .float32)
            let forward = request("max", fields, input: input)
            let output = try forward.result(.output)
            return forward.backward(output)
        }
        let values = (0..<count).map { Double($0 * 7919 % 1009) - 500 }
        let whole = try asked(values, shape[0])
        let size = count / shape[0]
        let samples = try (0..<shape[0]).flatMap { sample in
            try asked(Array(values[sample * size..<(sample + 1) * size]), 1).result(.gradInput).rawBytes
        }
        for slices in [1, 3] {
            let isSame = try whole.run(slices: slices)[.gradInput]?.rawBytes == samples
            #expect(isSame, "\(slices) slices")
        }
    }

    @Test(arguments: [ElementType.int32, .int64])
    func `integers that no float holds are chosen with their places`(_ type: ElementType) throws {
        let values: [Int64] = [16_777_217, 16_777_219, 16_777_218, -2_147_483_647, -2_147_483_648, -2_147_483_646]
        let input = Tensor(whole: values, shape: [1, 2, 3], type)
        for (op, want, place) in [("max", Int64(16_777_219), Int64(1)), ("min", -2_147_483_648, 4)] {
            let result = try request(op, ["kernel": [2, 2], "stride": 1, "return_indices": true], input: input).run()
            let whole = try request(op, ["region": "global", "return_indices": true], input: input).run()
            let column = op == "max" ? 0 : 1
            #expect(result[.output]?.wholeElements[column] == want)
            #expect(result[.indices]?.wholeElements[column] == place)
            #expect(whole[.output]?.wholeElements == [want])
            #expect(whole[.indices]?.wholeElements == [place])
        }
    }

    @Test(arguments: ShapeCorpus.large)
    func `gradients of large layers agree with the oracle`(_ layer: NamedLayer) throws {
        let windows = try Self.oracle(of: layer)
        for op in Self.folded where op.fields.isEmpty {
            let forward = layer.request(op, input: ValueCorpus.normal.tensor(shape: layer.shape, .float32))
            let gradOutput = GuardedMemory.holding(layer.gradOutput(windows, .float32))
            #expect(try gradientDisagreement(forward.backward(gradOutput), windowsOf: windows) == nil, "\(op)")
        }
    }
}
