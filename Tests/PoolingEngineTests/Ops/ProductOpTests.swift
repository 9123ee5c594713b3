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

    @Test(arguments: [
        [1e-30, 1e-30, 1, 2, 1e30, 1e30], [1e30, 1e30, 1e-30, 1e-30, 2], [1e25, 1e25, 2, 1e-25, 1e-25],
        [1e-40, 3, 7, 1e30, -0.5, 1e10], [1e30, 0, 1e30, 1e-30, 1e-30],
    ])
    func `products of others that fit do so whatever comes first`(_ elements: [Double]) throws {
        let cells = elements.map { Double(Float($0)) }
        let others = cells.indices.map { own in
            Double(Float(cells.indices.filter { $0 != own }.reduce(1) { $0 * cells[$1] }))
        }
        // One window, in parts, and many side by side, among windows whose products are out of range.
        let rows = 64
        let all = (0..<rows).flatMap { $0 % 5 == 3 ? [Double](repeating: 1e30, count: cells.count) : cells }
        for (values, count) in [(cells, 1), (all, rows)] {
            let input = Tensor(values, shape: [count, cells.count], .float32)
            let gradOutput = Tensor([Double](repeating: 1, count: count), shape: [count, 1], .float32)
            let forward = request("product", ["kernel": [.whole(cells.count)]], input: input)
            let gradients = try forward.backward(gradOutput).result(.gradInput).realElements
            for row in 0..<count where count == 1 || row % 5 != 3 {
                let own = Array(gradients[row * cells.count..<(row + 1) * cells.count])
                #expect(
                    zip(own, others).allSatisfy { $0 == $1 || ($0 - $1).magnitude <= 2e-7 * $1.magnitude }, "\(own)")
            }
        }
    }

    @Test func `a product that does not fit is rejected`() throws {
        let input = Tensor(whole: [100, 2], shape: [2], .int8)
        #expect(request("product", ["kernel": [2]], input: input).rejection?.reason == .integerOverflow)
    }

    @Test func `a zero after a product beyond 64 bits makes it zero`() throws {
        let input = Tensor(whole: [Int64.max, Int64.max, Int64.max, 0], shape: [4], .int64)
        #expect(try request("product", ["kernel": [4]], input: input).result(.output).wholeElements == [0])
    }
}
