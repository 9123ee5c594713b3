import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct FractionalRegionTests {
    @Test func `windows start where the sample says`() throws {
        // α = (7−2)/(3−1) = 2.5, u = 0.5: trunc(1.25) − trunc(1.25) = 0, trunc(3.75) − 1 = 2, and the last at 5.
        let fields: Fields = ["region": "fractional", "kernel": [2], "output_size": [3]]
        let samples = Tensor([0.5], shape: [1, 1, 1], .float64)
        let forward = request("sum", fields, input: row([1, 2, 4, 8, 16, 32, 64]), [.randomSamples: samples])
        #expect(try forward.result(.output).realElements == [3, 12, 96])
    }

    @Test func `the first of two samples is for the width`() throws {
        let fields: Fields = ["region": "fractional", "kernel": 1, "output_size": [2, 3]]
        let input = Tensor((0..<20).map(Double.init), shape: [1, 2, 10], .float64)
        // α = 4.5 over the width: u = 0.9 starts at 0, trunc(8.55) − trunc(4.05) = 4 and 9.
        let samples = Tensor([0.9, 0.1], shape: [1, 1, 2], .float64)
        #expect(
            try request("max", fields, input: input, [.randomSamples: samples]).result(.output).realElements
                == [0, 4, 9, 10, 14, 19])
    }

    @Test func `boundaries cut where they say and overlap on request`() throws {
        let fields: Fields = ["region": "fractional", "boundaries": [[0, 2, 5]]]
        let forward = request("sum", fields, input: row([1, 2, 4, 8, 16]))
        #expect(try forward.result(.output).realElements == [3, 28])
        #expect(try forward.with("overlapping", true).result(.output).realElements == [7, 28])
    }

    @Test func `a seed places windows by the published generator`() throws {
        let fields: Fields = ["region": "fractional", "kernel": [2], "output_size": [4], "seed": 99]
        let input = Tensor((0..<60).map(Double.init), shape: [2, 3, 10], .float64)
        let samples = (0..<6).map { position in
            (Double(OraclePhilox.words(seed: 99, position: UInt64(position), stream: 1)[0]) + 0.5) / 4_294_967_296
        }
        let given = request("max", fields, input: input).without("seed")
            .with(.randomSamples, Tensor(samples, shape: [2, 3, 1], .float64))
        #expect(try request("max", fields, input: input).result(.output).rawBytes == given.result(.output).rawBytes)
    }
}
