import PoolingTestKit
import Testing

@Suite struct PowerAvgOpTests {
    @Test func `it is the generalized mean`() throws {
        #expect(isClose(try pooled("power_avg", [1, 7], ["p": 2]), 5))
        #expect(isClose(try slopes("power_avg", [1, 7], ["p": 2]), [0.1, 0.7]))
    }

    @Test func `elements below eps count as eps and have no slope`() throws {
        #expect(isClose(try pooled("power_avg", [-9, 7], ["p": 2, "eps": 1]), 5))
        #expect(isClose(try slopes("power_avg", [-9, 7], ["p": 2, "eps": 1]), [0, 0.7]))
    }
}
