import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct UnpoolTests {
    private func unpool(_ values: [Double], _ indices: [Int64], _ fields: Fields) -> PoolingRequest {
        request(
            .unpool, fields, [.input: row(values), .indices: Tensor(whole: indices, shape: [indices.count])], .float64)
    }

    @Test func `values go back to their places and the rest is zero`() throws {
        let forward = request("max", ["kernel": [2, 2], "return_indices": true], input: sixteen)
        let result = try forward.run()
        var back = request(.unpool, ["kernel": [2, 2]], [:])
        back.tensors[.input] = result[.output]
        back.tensors[.indices] = result[.indices]
        #expect(try back.result(.output).realElements == [0, 0, 0, 0, 0, 6, 0, 8, 0, 0, 0, 0, 0, 14, 0, 16])
    }

    @Test func `the last of two values for one place stays`() throws {
        #expect(try unpool([5, 7], [1, 1], ["kernel": [2]]).result(.output).realElements == [0, 7, 0, 0])
    }

    @Test func `the default size undoes stride, dilation and padding`() throws {
        // (3 − 1)·2 + 2·(3 − 1) + 1 − 1 − 2 = 6
        let fields: Fields = ["kernel": [3], "stride": 2, "dilation": 2, "padding": [[1, 2]]]
        #expect(try unpool([1, 2, 3], [0, 2, 5], fields).result(.output).realElements == [1, 0, 2, 0, 0, 3])
    }

    @Test func `indices are flat in the output unless another shape is named`() throws {
        var asked = request(
            .unpool, ["kernel": [2, 2], "output_size": [5, 5]],
            [
                .input: Tensor([6, 8, 14, 16], shape: [2, 2]),
                .indices: Tensor(whole: [5, 7, 13, 15], shape: [2, 2]),
            ])
        #expect(try asked.result(.output).realElements.firstIndex(of: 8) == 7)
        asked = asked.with("index_shape", [4, 4])
        // Index 7 of a 4×4 map is row 1, column 3.
        #expect(try asked.result(.output).realElements.firstIndex(of: 8) == 8)
    }

    @Test func `a window offset counts from its window's corner`() throws {
        let fields: Fields = ["kernel": [2], "stride": 3, "dilation": 2, "index_base": "window"]
        #expect(try unpool([5, 7], [1, 0], fields).result(.output).realElements == [0, 0, 5, 7, 0, 0])
    }

    @Test(arguments: [[Int64](arrayLiteral: 4, 0), [0, -2]])
    func `an index out of range is rejected`(_ indices: [Int64]) throws {
        #expect(unpool([5, 7], indices, ["kernel": [2]]).rejection?.reason == .indexOutOfRange)
    }

    @Test func `the gradient gathers`() throws {
        let backward = request(
            .backward, ["op": "unpool", "kernel": [2]],
            [
                .gradOutput: row([1, 2, 3, 4]), .indices: Tensor(whole: [1, 2], shape: [2]),
            ], .float64)
        #expect(try backward.result(.gradInput).realElements == [2, 3])
    }

    @Test(arguments: [
        ("plane", "row_major"), ("plane", "column_major"), ("sample", "row_major"), ("tensor", "column_major"),
        ("window", "row_major"), ("window", "column_major"),
    ])
    func `unpooling what was pooled keeps every selected element`(_ base: String, _ order: String) throws {
        let input = ValueCorpus.positive.tensor(shape: [2, 3, 4, 6], .float32)
        let form: [Field] = [
            Field("kernel", [2, 3]), Field("index_base", .string(base)), Field("index_order", .string(order)),
        ]
        var forward = request("max", ["return_indices": true], input: input)
        forward.fields += form
        let pooled = try forward.run()
        var back = PoolingRequest(endpoint: .unpool, elementType: .float32, fields: form)
        back.tensors[.input] = pooled[.output]
        back.tensors[.indices] = pooled[.indices]
        let output = try back.result(.output)
        #expect(output.shape == input.shape)
        #expect(output.realElements == UnpoolOracle(back).output())
        let kept = zip(output.realElements, input.realElements).filter { $0.0 != 0 }
        #expect(kept.count == 24 && kept.allSatisfy { $0.0 == $0.1 })
    }
}
