import PoolingTestKit
import Testing

@Suite struct VarianceOpTests {
    @Test func `it is the mean squared distance from the mean`() throws {
        #expect(isClose(try pooled("variance", [1, 2, 3, 6]), 3.5))
        #expect(isClose(try pooled("variance", [1, 2, 3, 6], ["correction": 1]), 14.0 / 3))
        #expect(isClose(try slopes("variance", [1, 2, 3, 6]), [-1, -0.5, 0, 1.5]))
    }

    @Test func `too few elements are NaN`() throws {
        #expect(try pooled("variance", [4], ["correction": 1]).isNaN)
    }

    @Test func `a large mean hides no small spread`() throws {
        #expect(isClose(try pooled("variance", [1e9 + 1, 1e9 + 3]), 1))
    }
}
