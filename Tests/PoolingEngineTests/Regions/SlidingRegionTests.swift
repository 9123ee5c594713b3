import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct SlidingRegionTests {
    private func sums(_ values: [Double], _ fields: Fields) throws -> [Double] {
        try request("sum", fields, input: row(values)).result(.output).realElements
    }

    @Test(arguments: [
        ([1, 3, 32, 32], "channels_first", [1, 3, 16, 16]), ([1, 32, 32, 3], "channels_last", [1, 16, 16, 3]),
        ([32, 32, 64], "NHWC", [16, 16, 64]),
    ])
    func `each channel is pooled on its own`(_ shape: [Int], _ layout: String, _ want: [Int]) throws {
        let input = Tensor(elementType: .float32, shape: shape, zeroed: true)
        let fields: Fields = ["kernel": [2, 2], "stride": 2, "layout": .string(layout)]
        #expect(try request("max", fields, input: input).result(.output).shape == want)
    }

    @Test func `stride defaults to the kernel`() throws {
        #expect(try sums([1, 2, 3, 4, 5], ["kernel": [2]]) == [3, 7])
    }

    @Test func `dilation spreads the cells`() throws {
        #expect(try sums([1, 2, 4, 8, 16], ["kernel": [2], "stride": 1, "dilation": 2]) == [5, 10, 20])
    }

    @Test func `ceil mode keeps a partial window but none that starts in the after-padding`() throws {
        #expect(try sums([1, 2, 4], ["kernel": [2], "ceil_mode": true]) == [3, 4])
        #expect(try sums([1, 2], ["kernel": [1], "stride": 2, "ceil_mode": true]) == [1])
    }

    @Test func `same puts the odd cell after, same_lower before`() throws {
        #expect(try sums([1, 2, 4], ["kernel": [2], "stride": 1, "padding": "same"]) == [3, 6, 4])
        #expect(try sums([1, 2, 4], ["kernel": [2], "stride": 1, "padding": "same_lower"]) == [1, 3, 6])
    }

    @Test func `same is sized by the dilated kernel`() throws {
        // The dilated kernel of 2 reaches over 3: one cell on each side.
        #expect(try sums([1, 2, 4], ["kernel": [2], "stride": 1, "dilation": 2, "padding": "same"]) == [2, 5, 2])
    }

    @Test(arguments: [
        ("zeros", [1.0, 3, 6, 4]), ("reflect", [3, 3, 6, 6]), ("replicate", [2, 3, 6, 8]), ("circular", [5, 3, 6, 5]),
        ("symmetric", [2, 3, 6, 8]), ("constant", [1, 3, 6, 4]),
    ])
    func `padding takes its values from where the mode says`(_ mode: String, _ want: [Double]) throws {
        let fields: Fields = ["kernel": [2], "stride": 1, "padding": [1], "padding_mode": .string(mode)]
        #expect(try sums([1, 2, 4], fields) == want)
    }

    @Test func `symmetric padding repeats the edge and may be as wide as the axis`() throws {
        let fields: Fields = ["kernel": [2], "stride": 1, "padding": [[3, 0]], "padding_mode": "symmetric"]
        #expect(try sums([1, 2, 4], fields) == [6, 3, 2, 3, 6])
    }

    @Test func `a constant is a number of the dtype that takes part and that no index names`() throws {
        let fields: Fields = [
            "kernel": [2], "stride": 1, "padding": [1], "padding_mode": "constant",
            "padding_value": 9_007_199_254_740_993,
            "return_indices": true,
        ]
        let result = try request("max", fields, input: Tensor(whole: [5, 6], shape: [2])).run()
        #expect(result[.output]?.wholeElements == [9_007_199_254_740_993, 6, 9_007_199_254_740_993])
        #expect(result[.indices]?.wholeElements == [-1, 1, -1])
    }

    @Test func `each dimension pads in a mode of its own`() throws {
        let input = Tensor([1, 2, 3, 4], shape: [2, 2])
        let fields: Fields = [
            "kernel": [1, 1], "stride": 1, "padding": 1, "padding_mode": ["constant", "replicate"], "padding_value": 7,
        ]
        let output = try request("max", fields, input: input).result(.output)
        #expect(output.realElements == [7, 7, 7, 7, 1, 1, 2, 2, 3, 3, 4, 4, 7, 7, 7, 7])
        let ignoring: Fields = [
            "kernel": [2, 2], "stride": 1, "padding": 1, "padding_mode": ["ignore", "zeros"],
            "count_include_pad": false,
        ]
        #expect(try request("avg", ignoring, input: input).result(.output).realElements[..<3] == [0.5, 1.5, 1])
    }

    @Test func `a constant is rounded to the type like an element`() throws {
        let third = FieldValue.real(1 + 1.0 / 256 + 1.0 / 1024)
        let fields: Fields = [
            "kernel": [1], "stride": 1, "padding": [[1, 0]], "padding_mode": "constant", "padding_value": third,
        ]
        for (type, want) in [(ElementType.bfloat16, 1.0078125), (.float16, 1.0048828125), (.float32, 1.0048828125)] {
            #expect(
                try request("sum", fields, input: row([5], type)).result(.output).realElements[0] == want, "\(type)")
        }
    }

    @Test func `a padded copy adds to the gradient of its source`() throws {
        let fields: Fields = ["kernel": [2], "stride": 1, "padding": [1], "padding_mode": "replicate"]
        let backward = request("sum", fields, input: row([1, 2])).backward(row([1, 10, 100]))
        #expect(try backward.result(.gradInput).realElements == [12, 210])
    }

    @Test func `pads that a list of pairs gives may differ`() throws {
        #expect(try sums([1, 2, 4], ["kernel": [3], "stride": 1, "padding": [[2, 0]]]) == [1, 3, 7])
    }

    @Test func `kernel 3, stride 2, padding 1 halves 112`() throws {
        let input = Tensor(elementType: .float32, shape: [112, 112], zeroed: true)
        let fields: Fields = ["kernel": [3, 3], "stride": 2, "padding": 1]
        #expect(try request("max", fields, input: input).result(.output).shape == [56, 56])
    }

    @Test func `pooling over the channels is maxout`() throws {
        let input = Tensor([1, 5, 2, 4, 3, 6, 0, 7], shape: [1, 4, 2])
        let fields: Fields = ["kernel": [2], "axes": [1], "return_indices": true]
        let result = try request("max", fields, input: input).run()
        #expect(result[.output]?.shape == [1, 2, 2])
        #expect(result[.output]?.realElements == [2, 5, 3, 7])
        #expect(result[.indices]?.wholeElements == [1, 0, 2, 3])
    }

    @Test func `a list means its own length`() throws {
        let input = Tensor([1, 2, 3, 4, 5, 6, 7, 8], shape: [2, 1, 1, 4])
        #expect(try request("max", ["kernel": [2]], input: input).result(.output).shape == [2, 1, 1, 2])
    }

    @Test func `without lists rank 5 has three dimensions and rank 1 one`() throws {
        let volume = Tensor(elementType: .float32, shape: [1, 1, 2, 2, 2], zeroed: true)
        #expect(try request("max", ["kernel": 2], input: volume).result(.output).shape == [1, 1, 1, 1, 1])
        #expect(try request("max", ["kernel": 2], input: row([1, 2])).result(.output).shape == [1])
        let planes = Tensor(elementType: .float32, shape: [2, 2, 2], zeroed: true)
        #expect(try request("max", ["kernel": 2], input: planes).result(.output).shape == [2, 1, 1])
    }
}
