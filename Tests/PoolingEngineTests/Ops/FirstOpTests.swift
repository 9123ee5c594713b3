import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct FirstOpTests {
    @Test func `the first element is kept, a NaN too`() throws {
        #expect(try pooled("first", [7, 1, 9]) == 7)
        #expect(try pooled("first", [.nan, 1]).isNaN)
        #expect(try selected("first", [7, 1, 9]) == 0)
        #expect(try slopes("first", [7, 1, 9]) == [1, 0, 0])
    }

    @Test func `padding is no element`() throws {
        let forward = request("first", ["kernel": [2], "padding": [1]], input: row([4, 6]))
        #expect(try forward.result(.output).realElements == [4, 6])
    }
}
