import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct BagsRegionTests {
    private let rows = Tensor([1, 2, 4, 8], shape: [4])

    private func bags(_ op: String, _ fields: Fields = [:], _ tensors: [TensorName: Tensor]) -> PoolingRequest {
        request(op, ["region": "bags"], input: rows, tensors).with(fields)
    }

    @Test func `offsets cut the rows, and an empty bag is zero`() throws {
        let offsets = Tensor(whole: [0, 2, 2, 4], shape: [4])
        #expect(try bags("sum", [.offsets: offsets]).result(.output).realElements == [3, 0, 12])
        #expect(
            try bags("max", ["return_indices": true], [.offsets: offsets]).result(.indices).wholeElements == [1, -1, 3])
    }

    @Test func `spans may overlap, and the gradients of their rows add up`() throws {
        let spans = Tensor(whole: [0, 3, 1, 4, 2, 2], shape: [3, 2])
        let forward = bags("sum", [.spans: spans])
        #expect(try forward.result(.output).realElements == [7, 14, 0])
        #expect(
            try forward.backward(Tensor([1, 10, 100], shape: [3])).result(.gradInput).realElements == [1, 11, 11, 10])
    }

    @Test func `a member counts as often as it is named`() throws {
        let tensors: [TensorName: Tensor] = [
            .members: Tensor(whole: [3, 3, 0], shape: [3]), .offsets: Tensor(whole: [0, 2, 3], shape: [3]),
        ]
        let forward = bags("sum", tensors)
        #expect(try forward.result(.output).realElements == [16, 1])
        #expect(try forward.backward(Tensor([1, 10], shape: [2])).result(.gradInput).realElements == [10, 0, 0, 2])
    }

    @Test(arguments: ElementType.allCases.filter { $0 != .bool })
    func `offsets, spans and members come in any type of numbers`(_ type: ElementType) throws {
        let offsets = Tensor(whole: [0, 2, 3], shape: [3], type)
        let members = Tensor(whole: [3, 3, 0], shape: [3], type)
        let spans = Tensor(whole: [0, 3, 1, 4], shape: [2, 2], type)
        #expect(try bags("sum", [.offsets: offsets]).result(.output).realElements == [3, 4])
        #expect(try bags("sum", [.offsets: offsets, .members: members]).result(.output).realElements == [16, 1])
        #expect(try bags("sum", [.spans: spans]).result(.output).realElements == [7, 14])
    }

    @Test func `weights belong to members, not to rows`() throws {
        let tensors: [TensorName: Tensor] = [
            .members: Tensor(whole: [3, 3, 0], shape: [3]), .offsets: Tensor(whole: [0, 2, 3], shape: [3]),
            .weights: Tensor([1, 10, 100], shape: [3]),
        ]
        let forward = bags("weighted", tensors)
        #expect(try forward.result(.output).realElements == [88, 100])
        let gradient = try forward.backward(Tensor([1, 1], shape: [2])).result(.gradWeights)
        #expect(gradient.realElements == [8, 8, 1])
    }

    @Test func `spans with a batch read its rows, and indices count over all batches`() throws {
        let input = Tensor((1...12).map(Double.init), shape: [2, 3, 2])
        let spans = Tensor(whole: [1, 0, 2, 0, 1, 3], shape: [2, 3])
        let forward = request("max", ["region": "bags", "return_indices": true], input: input, [.spans: spans])
        #expect(try forward.result(.output).realElements == [9, 10, 5, 6])
        #expect(try forward.result(.indices).wholeElements == [4, 4, 2, 2])
        let gradient = forward.without("return_indices").backward(Tensor([1, 2, 3, 4], shape: [2, 2]))
        #expect(try gradient.result(.gradInput).shape == [2, 3, 2])
    }

    @Test func `many bags give the same in any number of slices`() throws {
        var random = SplitMix64(seed: 7)
        let bounds = (0..<3000).flatMap { _ -> [Int] in
            let start = Int(random.next() % 50)
            return [start, start + Int(random.next() % UInt64(51 - start))]
        }
        let input = Tensor((0..<150).map { Double($0 * 37 % 101) - 50 }, shape: [50, 3])
        let spans = Tensor(whole: bounds.map(Int64.init), shape: [3000, 2])
        let forward = request("avg", ["region": "bags"], input: input, [.spans: spans])
        let backward = forward.backward(Tensor([Double](repeating: 0.5, count: 9000), shape: [3000, 3]))
        #expect(try forward.run(slices: 8)[.output]?.doubles == forward.run()[.output]?.doubles)
        #expect(try backward.run(slices: 8)[.gradInput]?.doubles == backward.run()[.gradInput]?.doubles)
        let first = (bounds[0]..<bounds[1]).reduce(0) { $0 + Double($1 * 3 * 37 % 101) - 50 }
        let mean = bounds[0] == bounds[1] ? 0 : first / Double(bounds[1] - bounds[0])
        #expect(try abs(forward.result(.output).realElements[0] - mean) < 1e-5)
    }

    @Test(
        arguments: [
            ([.offsets: Tensor(whole: [0, 5], shape: [2])], .indexOutOfRange, "offsets"),
            ([.offsets: Tensor(whole: [2, 1], shape: [2])], .indexOutOfRange, "offsets"),
            ([.offsets: Tensor(whole: [-1, 1], shape: [2])], .indexOutOfRange, "offsets"),
            ([.offsets: Tensor(whole: [.max, .min], shape: [2])], .indexOutOfRange, "offsets"),
            ([.offsets: Tensor(whole: [5], shape: [1])], .indexOutOfRange, "offsets"),
            ([.offsets: Tensor(whole: [], shape: [0])], .wrongLength, "offsets"),
            ([.spans: Tensor(whole: [1, .max], shape: [1, 2])], .indexOutOfRange, "spans"),
            ([.spans: Tensor(whole: [0, 1, 2, 3], shape: [1, 4])], .shapeMismatch, "spans"),
            (
                [.spans: Tensor(whole: [0, 1], shape: [1, 2]), .offsets: Tensor(whole: [0], shape: [1])],
                .unsupportedCombination, "spans"
            ),
            ([.members: Tensor(whole: [0], shape: [1])], .missingField, "offsets"),
            (
                [.members: Tensor(whole: [4], shape: [1]), .offsets: Tensor(whole: [0, 0], shape: [2])],
                .indexOutOfRange, "members/0"
            ),
            ([.spans: Tensor([0.5, 1], shape: [1, 2])], .wrongType, "spans"),
            ([:], .missingField, "offsets"),
        ] as [([TensorName: Tensor], PoolingError.Reason, String)])
    func `numbers that name no rows are rejected`(
        _ tensors: [TensorName: Tensor], _ reason: PoolingError.Reason, _ field: String
    ) {
        let rejection = bags("sum", tensors).rejection
        #expect(rejection?.reason == reason)
        #expect(rejection?.field == field)
    }

    @Test func `indices are numbered within the rows or the tensor, nothing else`() {
        let offsets = Tensor(whole: [0, 4], shape: [2])
        for base in ["sample", "window"] {
            #expect(bags("max", ["index_base": .string(base)], [.offsets: offsets]).rejection?.field == "index_base")
        }
    }

    private func bags(_ op: String, _ tensors: [TensorName: Tensor]) -> PoolingRequest { bags(op, [:], tensors) }
}

extension PoolingRequest {
    fileprivate func with(_ fields: Fields) -> PoolingRequest {
        fields.reduce(self) { $0.with($1.key, $1.value) }
    }
}
