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
            let alone = try request(op, fields, input: Self.input).answer(.output)
            #expect(result[.output]?.rawBytes == alone.rawBytes, "\(op)")
        }
        let alone = try request("max", fields, input: Self.input).with("return_indices", true).answer(.indices)
        #expect(results.last?[.indices]?.rawBytes == alone.rawBytes)
    }

    @Test func `joined outputs are those of the ops one after the other`() throws {
        let fields: Fields = ["region": "global", "combine": "concat"]
        let joined = try several(fields, ["max", "avg"]).answer(.output).realElements
        let largest = try request("max", ["region": "global"], input: Self.input).answer(.output).realElements
        let mean = try request("avg", ["region": "global"], input: Self.input).answer(.output).realElements
        var expected = Array(largest[..<3])
        expected += mean[..<3]
        expected += largest[3...]
        expected += mean[3...]
        #expect(joined == expected)
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
