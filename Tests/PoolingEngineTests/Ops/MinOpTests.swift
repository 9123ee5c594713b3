import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct MinOpTests {
    @Test func `the smallest wins, the first of equals is named`() throws {
        #expect(try pooled("min", [3, 1, 2, 1]) == 1)
        #expect(try selected("min", [3, 1, 2, 1]) == 1)
        #expect(try slopes("min", [3, 1, 2, 1]) == [0, 1, 0, 0])
    }

    @Test func `a NaN wins and the last one is named`() throws {
        #expect(try pooled("min", [.nan, -5, .nan]).isNaN)
        #expect(try selected("min", [.nan, -5, .nan]) == 2)
        #expect(try pooled("min", [.nan, -5], ["nan": "ignore"]) == -5)
    }
}
