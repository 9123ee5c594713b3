import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct MixedOpTests {
    @Test func `it lies between the mean and the max`() throws {
        #expect(isClose(try pooled("mixed", [1, 1, 5, 6]), (6 + 3.25) / 2))
        #expect(isClose(try pooled("mixed", [1, 1, 5, 6], ["alpha": 0.25]), 0.25 * 6 + 0.75 * 3.25))
        #expect(isClose(try slopes("mixed", [1, 1, 5, 6]), [0.125, 0.125, 0.125, 0.625]))
    }

    @Test func `the mask names the max`() throws {
        #expect(try selected("mixed", [1, 9, 5, 9]) == 1)
    }

    @Test func `its mean leaves padding out`() throws {
        let forward = request("mixed", ["kernel": [2], "padding": [1], "alpha": 0], input: row([4, 6]))
        #expect(try forward.result(.output).realElements == [4, 6])
    }
}
