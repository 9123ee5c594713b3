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

    @Test(arguments: [5, 33, 200])
    func `the first of equal zeros gives its sign`(_ count: Int) throws {
        let zeros = (0..<count).map { $0 == 0 ? -0.0 : $0 % 3 == 0 ? 1 : $0 % 3 == 1 ? -1 : 0.0 }
        #expect(try pooled("median", zeros).sign == .minus)
        #expect(try pooled("median", zeros.reversed()).sign == .plus)
    }

    @Test(arguments: [31, 64, 333, 512, 3000])
    func `large windows have the median of their sorted elements`(_ count: Int) throws {
        // Falling, rising and alternating, which make poor pivots.
        let organ = (0..<count).map { Double(min($0, count - $0)) }
        // One value for most elements, and a period that a sample may see nothing else of.
        let ties = (0..<count).map { $0 % 5 == 0 ? Double($0) : 7 }
        let waves = (0..<count).map { Double($0 * 37 % 128) }
        let poor = [organ, organ.sorted(), organ.sorted().reversed(), organ.map { $0.remainder(dividingBy: 2) }]
        for elements in poor + [ties, waves] {
            #expect(try pooled("median", elements) == elements.sorted()[(count - 1) / 2])
        }
    }

    @Test func `a NaN wins`() throws {
        #expect(try pooled("median", [1, .nan, 2]).isNaN)
        #expect(try selected("median", [1, .nan, 2]) == 1)
    }
}
