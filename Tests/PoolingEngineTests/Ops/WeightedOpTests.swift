import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct WeightedOpTests {
    @Test func `a binomial filter blurs before it samples`() throws {
        let weights = row([0.25, 0.5, 0.25])
        let forward = request(
            "weighted", ["kernel": [3], "stride": 2], input: row([4, 8, 0, 4, 4]), [.weights: weights])
        #expect(try forward.result(.output).realElements == [5, 3])
        let result = try forward.backward(row([1, 2])).run()
        #expect(result[.gradInput]?.realElements == [0.25, 0.5, 0.75, 1, 0.5])
        #expect(result[.gradWeights]?.realElements == [4, 16, 8])
    }

    @Test func `each channel can have weights of its own`() throws {
        let input = Tensor([1, 2, 3, 4], shape: [2, 2], .float64)
        let weights = Tensor([1, 10, 100, 1000], shape: [2, 2], .float64)
        let forward = request("weighted", ["kernel": [2]], input: input, [.weights: weights])
        #expect(try forward.result(.output).realElements == [21, 4300])
    }

    @Test func `normalizing divides by the weights that take part`() throws {
        let fields: Fields = ["kernel": [2], "padding": [1], "normalize": true]
        let forward = request("weighted", fields, input: row([6, 9]), [.weights: row([1, 3])])
        #expect(try forward.result(.output).realElements == [6, 9])
    }

    @Test func `the vertical edge gives one column of twos`() throws {
        let map = Tensor((0..<42).map { $0 % 6 < 3 ? 1.0 : 0 }, shape: [7, 6])
        let weights = Tensor([1, -1, 1, -1], shape: [2, 2])
        let output = try request("weighted", ["kernel": [2, 2], "stride": 1], input: map, [.weights: weights])
            .result(.output)
        #expect(output.shape == [6, 5])
        #expect(output.realElements == (0..<30).map { $0 % 5 == 2 ? 2 : 0 })
    }

    @Test func `weights of another shape are rejected`() throws {
        let forward = request("weighted", ["kernel": [3]], input: row([1, 2, 3]), [.weights: row([1, 2])])
        #expect(forward.rejection?.field == "weights")
    }
}
