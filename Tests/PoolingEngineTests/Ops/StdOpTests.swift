import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct StdOpTests {
    @Test func `it is the root of the variance`() throws {
        #expect(isClose(try pooled("std", [1, 3]), 1))
        #expect(isClose(try slopes("std", [1, 3]), [-0.5, 0.5]))
    }

    @Test func `equal elements have no slope`() throws {
        #expect(try pooled("std", [2, 2]) == 0)
        #expect(try slopes("std", [2, 2]) == [0, 0])
    }
}
