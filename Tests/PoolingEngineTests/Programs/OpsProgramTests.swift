import PoolingTestKit
import Testing

@testable import PoolingEngine

/// Holds several ops in one request over a large input, where planes are pooled by all ops in turn, to each op alone.
@Suite struct OpsProgramTests {
    /// Larger than what is pooled plane by plane.
    private static let input: Tensor = {
        let shape = [2, 3, 128, 130]
        let numbers = (0..<shape.reduce(1, *)).map { place in Double(place * 7919 % 1009) }
        return Tensor(numbers, shape: shape)
    }()

    private static let ops = ["max", "avg", "std", "median", "first"]

    private func several(_ fields: Fields, _ ops: [FieldValue], _ input: Tensor = Self.input) -> PoolingRequest {
        request(.forward, fields, [.input: input], input.elementType).with("ops", .list(ops))
    }

    @Test(
        arguments: [
            ["kernel": 3, "stride": 2], ["kernel": 2, "layout": "channels_last"], ["region": "global"],
            ["region": "adaptive", "output_size": 7],
        ] as [Fields], [1, 3])
    func `each result is that of the op alone`(_ fields: Fields, _ slices: Int) throws {
        let indexed = FieldValue.object([Field("op", "max"), Field("return_indices", true)])
        let parts = try several(fields, Self.ops.map(FieldValue.string) + [indexed]).run(slices: slices).parts?.results
        let results = try #require(parts)
        for (op, result) in zip(Self.ops, results) {
            let alone = try request(op, fields, input: Self.input).result(.output)
            #expect(result[.output]?.rawBytes == alone.rawBytes, "\(op)")
        }
        let alone = try request("max", fields, input: Self.input).with("return_indices", true).result(.indices)
        #expect(results.last?[.indices]?.rawBytes == alone.rawBytes)
    }

    @Test func `joined outputs are those of the ops one after the other`() throws {
        let fields: Fields = ["region": "global", "combine": "concat"]
        let joined = try several(fields, ["max", "avg"]).result(.output).realElements
        let largest = try request("max", ["region": "global"], input: Self.input).result(.output).realElements
        let mean = try request("avg", ["region": "global"], input: Self.input).result(.output).realElements
        var expected = Array(largest[..<3])
        expected += mean[..<3]
        expected += largest[3...]
        expected += mean[3...]
        #expect(joined == expected)
    }

    /// From 257 on, shares that add up to one gradient are summed in another type than the op computes in.
    @Test(arguments: [ElementType.float16, .bfloat16, .float32, .float64], [1, 256, 257, 300, 2000])
    func `the gradient of one among several ops is that of the op alone`(
        _ type: ElementType, _ windows: Int
    ) throws {
        let layers: [(fields: Fields, rois: Tensor?, shape: [Int], output: [Int])] = [
            (["region": "adaptive", "output_size": [.whole(windows)]], nil, [2], [windows]),
            (
                ["region": "roi_align", "output_size": 1],
                Tensor([Double](repeating: 0, count: 5 * windows), shape: [windows, 5]), [1, 1, 2, 2],
                [windows, 1, 1, 1]
            ),
        ]
        for layer in layers {
            let count = layer.shape.reduce(1, *)
            let input = Tensor((0..<count).map { Double($0 + 1) }, shape: layer.shape, type)
            let gradients = (0..<windows).map { Double($0 % 3 + 1) / 8 }
            let gradOutput = Tensor(gradients, shape: layer.output, type)
            for op in layer.rois == nil ? ["sum", "avg", "max", "std", "mixed"] : ["avg", "max"] {
                var alone = request(op, layer.fields, input: input)
                alone.tensors[.rois] = layer.rois
                let want = try alone.backward(gradOutput).result(.gradInput)
                var several = alone.backward(gradOutput).without("op").without(.gradOutput)
                    .with("ops", [.string(op), .string(op), "max"])
                several.nested[TensorPath(.gradOutput, [0])] = gradOutput
                let first = try several.result(.gradInput)
                #expect(first.realElements == want.realElements, "\(op) of \(layer.fields)")
                #expect(first.elementType == type)
                several.nested[TensorPath(.gradOutput, [1])] = gradOutput
                let both = try several.result(.gradInput).realElements
                let isTwice = zip(both, want.realElements).allSatisfy { ($0 - 2 * $1).magnitude <= 0.01 * $1.magnitude }
                #expect(isTwice, "\(op) of \(layer.fields)")
            }
        }
    }

    @Test(arguments: [ElementType.float16, .bfloat16, .float32, .float64])
    func `the gradient of joined ops adds up many shares in every type`(_ type: ElementType) throws {
        let fields: Fields = ["region": "adaptive", "output_size": [300], "combine": "concat", "input_shape": [2, 1]]
        let gradOutput = Tensor([Double](repeating: 1, count: 4 * 300), shape: [4, 300], type)
        let backward = request(.backward, fields, [.gradOutput: gradOutput], type).with("ops", ["sum", "sum"])
        #expect(try backward.result(.gradInput).realElements == [600, 600])
    }

    @Test func `a fault of the data names its op`() throws {
        var numbers = [Int64](repeating: 1, count: 512 * 512)
        numbers[100_000] = .max
        let input = Tensor(whole: numbers, shape: [1, 1, 512, 512], .int64)
        let rejection = several(["kernel": 2], ["max", "sum"], input).rejection
        #expect(rejection?.reason == .integerOverflow)
        #expect(rejection?.field.hasPrefix("ops/1") == true)
    }
}
