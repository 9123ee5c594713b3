import PoolingTestKit
import Testing

@Suite struct MeanSqrtLenOpTests {
    @Test func `the sum is divided by the root of the length`() throws {
        #expect(try pooled("mean_sqrt_len", [1, 2, 3, 4]) == 5)
        #expect(try slopes("mean_sqrt_len", [1, 2, 3, 4]) == [0.5, 0.5, 0.5, 0.5])
    }
}
