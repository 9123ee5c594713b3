import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct StochasticOpTests {
    @Test func `elements are picked as often as they are large`() throws {
        // 4000 windows of [1, 2, 3, 4]: Pearson's statistic with 3 degrees of freedom stays below 16.27 but once in a
        // thousand seeds; these seeds are fixed.
        for seed in [1, 2, 3] {
            let count = 4000
            let input = Tensor((0..<count).flatMap { _ in [1.0, 2, 3, 4] }, shape: [count, 4])
            let forward = request("stochastic", ["kernel": [4], "seed": .whole(seed)], input: input)
            let picks = try forward.result(.output).realElements
            let statistic = (1...4).reduce(0.0) { sum, value in
                let expected = Double(count * value) / 10
                let observed = Double(picks.count { $0 == Double(value) })
                return sum + (observed - expected) * (observed - expected) / expected
            }
            #expect(statistic < 16.27, "seed \(seed)")
        }
    }

    @Test func `the draw follows the published generator`() throws {
        // u is drawn from the block of counter {output, 0, 0, 0}; the running sums of the window are 1, 2, … 8.
        let count = 50
        let input = Tensor(Array(repeating: 1.0, count: 8 * count), shape: [count, 8], .float64)
        let fields: Fields = ["kernel": [8], "seed": 123_456_789_012_345, "return_indices": true]
        let picks = try request("stochastic", fields, input: input).result(.indices).wholeElements
        let expected = (0..<count).map { output in
            let words = OraclePhilox.words(seed: 123_456_789_012_345, position: UInt64(output), stream: 0)
            return Int64((Double(words[0]) + 0.5) / 4_294_967_296 * 8)
        }
        #expect(picks == expected)
    }

    @Test func `nothing but zeros gives zero and names nothing`() throws {
        #expect(try pooled("stochastic", [0, 0], ["seed": 1]) == 0)
        #expect(try selected("stochastic", [0, 0], ["seed": 1]) == -1)
        #expect(try slopes("stochastic", [0, 0], ["seed": 1]) == [0, 0])
    }

    @Test func `a negative element or a NaN is rejected`() throws {
        for bad in [-1, Double.nan] {
            #expect(
                request("stochastic", ["kernel": [2], "seed": 1], input: row([1, bad])).rejection?.field == "input")
        }
    }

    @Test func `the expectation has its true derivative`() throws {
        #expect(try pooled("stochastic", [1, 3], ["seed": 1, "mode": "expected"]) == 2.5)
        // (2x·S − Q)/S² with S = 4 and Q = 10.
        #expect(try slopes("stochastic", [1, 3], ["seed": 1, "mode": "expected"]) == [-0.125, 0.875])
    }

    @Test func `another seed draws otherwise, the same one the same`() throws {
        func picks(_ seed: Int) throws -> [Double] {
            let input = ValueCorpus.positive.tensor(shape: [64, 4], .float32)
            return try request("stochastic", ["kernel": [4], "seed": .whole(seed)], input: input).result(.output)
                .realElements
        }
        #expect(try picks(1) == picks(1))
        #expect(try picks(1) != picks(2))
    }

    @Test func `every unsigned seed of 64 bits is a seed`() throws {
        let largest = FieldValue.number(FieldNumber(value: 0x1p64, whole: Int128(UInt64.max)))
        let beyond = FieldValue.number(FieldNumber(value: 0x1p64, whole: Int128(UInt64.max) + 1))
        #expect(request("stochastic", ["kernel": [2], "seed": largest], input: row([1, 1])).rejection == nil)
        #expect(request("stochastic", ["kernel": [2], "seed": beyond], input: row([1, 1])).rejection?.field == "seed")
    }
}
