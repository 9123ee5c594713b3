import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct MedianOpTests {
    @Test func `the lower of the two middle elements is the median`() throws {
        #expect(try pooled("median", [4, 1, 3, 2]) == 2)
        #expect(try pooled("median", [5, 1, 3]) == 3)
    }

    @Test func `the first of equal elements is named`() throws {
        #expect(try selected("median", [7, 2, 9, 2, 2]) == 1)
        #expect(try slopes("median", [7, 2, 9, 2, 2]) == [0, 1, 0, 0, 0])
    }

    @Test func `a NaN wins`() throws {
        #expect(try pooled("median", [1, .nan, 2]).isNaN)
        #expect(try selected("median", [1, .nan, 2]) == 1)
    }
}
