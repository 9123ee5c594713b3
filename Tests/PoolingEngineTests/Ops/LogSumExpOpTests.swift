import PoolingTestKit
import Testing

@Suite struct LogSumExpOpTests {
    private let log2 = 0.6931471805599453
    private let log3 = 1.0986122886681098

    @Test func `it is the log of the mean exponential`() throws {
        #expect(isClose(try pooled("logsumexp", [0, log3]), log2))
        #expect(isClose(try slopes("logsumexp", [0, log3]), [0.25, 0.75]))
        #expect(isClose(try pooled("logsumexp", [0, log3 / 2], ["r": 2]), log2 / 2))
    }

    @Test func `large elements do not overflow`() throws {
        #expect(isClose(try pooled("logsumexp", [1000, 1000]), 1000))
        #expect(isClose(try pooled("logsumexp", [-1000, -1000]), -1000))
    }
}
