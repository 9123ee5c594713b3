import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct GlobalRegionTests {
    @Test func `all positions are one region and the spatial axes stay`() throws {
        let output = try request("avg", ["region": "global"], input: sixteen.reshaped([1, 1, 4, 4])).result(.output)
        #expect(output.shape == [1, 1, 1, 1])
        #expect(output.realElements == [8.5])
    }
}

@Suite struct AdaptiveRegionTests {
    @Test func `bins overlap where the sizes do not divide`() throws {
        let fields: Fields = ["region": "adaptive", "output_size": [5]]
        let forward = request("avg", fields, input: row([0, 1, 2, 3, 4, 5, 6]))
        // Bins 0…1, 1…2, 2…4, 4…5, 5…6.
        #expect(try forward.result(.output).realElements == [0.5, 1.5, 3, 4.5, 5.5])
        let third = 1.0 / 3
        let gradient = try forward.backward(row([1, 1, 1, 1, 1])).result(.gradInput).realElements
        #expect(isClose(gradient, [0.5, 1, 0.5 + third, third, 0.5 + third, 1, 0.5]))
    }

    @Test func `an output larger than the input repeats elements`() throws {
        let fields: Fields = ["region": "adaptive", "output_size": [5]]
        #expect(try request("max", fields, input: row([1, 2])).result(.output).realElements == [1, 1, 2, 2, 2])
    }

    @Test func `a null keeps its size`() throws {
        let fields: Fields = ["region": "adaptive", "output_size": [nil, 1]]
        #expect(try request("max", fields, input: sixteen).result(.output).realElements == [4, 8, 12, 16])
    }
}

@Suite struct PyramidRegionTests {
    @Test func `level follows level, and within a level channel follows channel`() throws {
        let input = Tensor([1, 2, 3, 4, 5, 6, 7, 8], shape: [1, 2, 2, 2])
        let fields: Fields = ["region": "pyramid", "levels": [1, 2]]
        let output = try request("max", fields, input: input).result(.output)
        #expect(output.shape == [1, 10])
        #expect(output.realElements == [4, 8, 1, 2, 3, 4, 5, 6, 7, 8])
    }

    @Test func `with channels last the channels of a bin stand together`() throws {
        let input = Tensor([1, 5, 2, 6, 3, 7, 4, 8], shape: [1, 2, 2, 2])
        let fields: Fields = ["region": "pyramid", "levels": [1, 2], "layout": "channels_last"]
        #expect(
            try request("max", fields, input: input).result(.output).realElements == [4, 8, 1, 5, 2, 6, 3, 7, 4, 8])
    }

    @Test func `a rank without a place for the levels is rejected`() throws {
        let input = Tensor(elementType: .float32, shape: [2, 2, 1, 2, 2], zeroed: true)
        let fields: Fields = ["region": "pyramid", "levels": [1], "dims": 2]
        #expect(request("max", fields, input: input).rejection?.reason == .wrongRank)
    }
}
