import PoolingTestKit
import Testing

@Suite struct SoftmaxOpTests {
    @Test func `elements weigh by their exponentials`() throws {
        let x = 1.0986122886681098  // log 3
        #expect(isClose(try pooled("softmax", [0, x]), 0.75 * x))
        #expect(isClose(try slopes("softmax", [0, x]), [0.25 * (1 - 0.75 * x), 0.75 * (1 + 0.25 * x)]))
    }

    @Test func `a beta of 0 is the mean and a large one the max`() throws {
        #expect(isClose(try pooled("softmax", [1, 5], ["beta": 0]), 3))
        #expect(isClose(try pooled("softmax", [1, 5], ["beta": 1000]), 5))
    }
}
