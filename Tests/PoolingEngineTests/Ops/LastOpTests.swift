import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct LastOpTests {
    @Test func `the last element is kept`() throws {
        #expect(try pooled("last", [7, 1, 9]) == 9)
        #expect(try selected("last", [7, 1, 9]) == 2)
        #expect(try slopes("last", [7, 1, 9]) == [0, 0, 1])
    }
}
