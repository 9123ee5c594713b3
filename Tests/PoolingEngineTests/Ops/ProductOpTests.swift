import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct ProductOpTests {
    @Test func `the gradient of each element is the product of the others`() throws {
        #expect(try pooled("product", [2, 3, -4]) == -24)
        #expect(try slopes("product", [2, 3, -4]) == [-12, -8, 6])
    }

    @Test func `one zero keeps the gradient for itself, two leave none`() throws {
        #expect(try slopes("product", [2, 0, 5]) == [0, 10, 0])
        #expect(try slopes("product", [0, 0, 5]) == [0, 0, 0])
    }

    @Test(arguments: [8, 21, 40])
    func `large windows have the products of the others`(_ count: Int) throws {
        let elements = (0..<count).map { $0 == 3 ? 0 : Double($0 % 3 + 1) / 2 }
        let others = (0..<count).map { own in
            elements.indices.filter { $0 != own }.reduce(1) { $0 * elements[$1] }
        }
        #expect(isClose(try slopes("product", elements), others))
    }

    @Test func `a product that does not fit is rejected`() throws {
        let input = Tensor(whole: [100, 2], shape: [2], .int8)
        #expect(request("product", ["kernel": [2]], input: input).rejection?.reason == .integerOverflow)
    }

    @Test func `a zero after a product beyond 64 bits makes it zero`() throws {
        let input = Tensor(whole: [Int64.max, Int64.max, Int64.max, 0], shape: [4], .int64)
        #expect(try request("product", ["kernel": [4]], input: input).answer(.output).wholeElements == [0])
    }
}
