import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct MaxOpTests {
    private let halving: Fields = ["kernel": [2, 2], "stride": 2, "return_indices": true]

    @Test func `the largest of each window wins`() throws {
        let result = try request("max", halving, input: sixteen).run()
        #expect(result[.output]?.realElements == [6, 8, 14, 16])
        #expect(result[.output]?.shape == [2, 2])
        #expect(result[.indices]?.wholeElements == [5, 7, 13, 15])
        #expect(result.indexBase == "plane")
    }

    @Test func `the gradient goes to the selected elements alone`() throws {
        let gradOutput = Tensor([1, 2, 3, 4], shape: [2, 2])
        let gradient = try request("max", halving, input: sixteen).backward(gradOutput).result(.gradInput)
        #expect(gradient.realElements == [0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 3, 0, 4])
    }

    @Test func `the first of equal elements is named`() throws {
        #expect(try selected("max", [1, 5, 5, 0]) == 1)
        #expect(try pooled("max", [-0.0, 0]).sign == .minus)
        #expect(try pooled("max", [0, -0.0]).sign == .plus)
    }

    @Test func `the gradient of a tie is never split`() throws {
        #expect(try slopes("max", [3, 1, 3, 3]) == [1, 0, 0, 0])
    }

    @Test func `a NaN wins and the last one is named`() throws {
        #expect(try pooled("max", [1, .nan, 9, .nan, 2]).isNaN)
        #expect(try selected("max", [1, .nan, 9, .nan, 2]) == 3)
    }

    @Test func `an ignored NaN takes no part`() throws {
        #expect(try pooled("max", [1, .nan, 9], ["nan": "ignore"]) == 9)
        #expect(try selected("max", [.nan, 9, .nan], ["nan": "ignore"]) == 1)
    }

    @Test func `a window of nothing but ignored NaN is NaN at its first element`() throws {
        #expect(try pooled("max", [.nan, .nan], ["nan": "ignore"]).isNaN)
        #expect(try selected("max", [.nan, .nan], ["nan": "ignore"]) == 0)
    }

    @Test func `nothing but negative infinities is negative infinity at the first element`() throws {
        #expect(try pooled("max", [-.infinity, -.infinity]) == -.infinity)
        #expect(try selected("max", [-.infinity, -.infinity]) == 0)
    }

    @Test func `padding never wins over a negative element`() throws {
        let fields: Fields = ["kernel": [2, 2], "padding": 1, "stride": 1]
        #expect(
            try request("max", fields, input: Tensor([-2], shape: [1, 1])).result(.output).realElements == [
                -2, -2, -2, -2,
            ])
    }

    @Test func `a padding zero that takes part is named -1 and takes its gradient with it`() throws {
        let fields: Fields = ["kernel": [2], "padding": [1], "padding_mode": "zeros", "return_indices": true]
        let forward = request("max", fields, input: row([-2, 3]))
        let indices = try forward.result(.indices)
        #expect(indices.wholeElements == [-1, 1])
        let gradient = try forward.backward(row([5, 7]), indices: indices).result(.gradInput)
        #expect(gradient.realElements == [0, 7])
    }

    @Test func `a small shift leaves the output where the selected element stays in its window`() throws {
        let edge = Tensor([0, 2, 0, 0, 0, 2, 0, 0], shape: [2, 4])
        let moved = Tensor([2, 0, 0, 0, 2, 0, 0, 0], shape: [2, 4])
        let fields: Fields = ["kernel": [2, 2]]
        #expect(
            try request("max", fields, input: edge).result(.output).realElements
                == request("max", fields, input: moved).result(.output).realElements)
    }

    @Test(arguments: [
        ("plane", "row_major", [Int64](arrayLiteral: 3, 3)), ("plane", "column_major", [4, 4]),
        ("sample", "row_major", [3, 9]), ("tensor", "row_major", [15, 21]), ("tensor", "column_major", [16, 22]),
        ("window", "row_major", [3, 3]), ("window", "column_major", [4, 4]),
    ])
    func `an index counts from its base in its order`(_ base: String, _ order: String, _ want: [Int64]) throws {
        // Two samples of two channels of 3×2; the largest element of each plane is in row 1, column 1.
        let plane = [0.0, 0, 0, 9, 0, 0]
        let input = Tensor(plane + plane + plane + plane, shape: [2, 2, 3, 2])
        let fields: Fields = [
            "kernel": [3, 2], "return_indices": true, "index_base": .string(base), "index_order": .string(order),
        ]
        let indices = try request("max", fields, input: input).result(.indices)
        #expect(Array(indices.wholeElements.suffix(2)) == want)
    }

    @Test(arguments: [IndexType.int64, .int32, .uint8])
    func `an index of base window that names no cell on the input is rejected with its own number`(
        _ type: IndexType
    ) throws {
        let fields: Fields = [
            "kernel": [2, 3], "padding": [1, 0], "index_base": "window", "index_order": "column_major",
            "index_dtype": .string(type.rawValue),
        ]
        let input = Tensor([1, 2, 3], shape: [1, 3])
        let forward = request("max", fields, input: input).with("return_indices", true)
        let elementType = try forward.result(.indices).elementType
        func backward(_ index: Int64) -> PoolingRequest {
            forward.backward(Tensor([1], shape: [1, 1]), indices: Tensor(whole: [index], shape: [1, 1], elementType))
        }
        // Row 1 of the kernel is on the input: cells 3, 4 and 5 in row-major order, which are 1, 3 and 5 here.
        #expect(try backward(3).result(.gradInput).realElements == [0, 1, 0])
        for index in [Int64(4), 6] {
            let rejection = backward(index).rejection
            #expect(rejection?.reason == .indexOutOfRange)
            #expect(rejection?.detail.contains("is \(index);") == true)
        }
    }
}
