import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct QuantileOpTests {
    @Test(arguments: [
        ("linear", 1.75), ("lower", 1), ("higher", 2), ("midpoint", 1.5), ("nearest", 2),
    ])
    func `a quantile between two elements is found as asked`(_ interpolation: String, _ want: Double) throws {
        // 0.25 of the way from the first to the last of four: position 0.75.
        #expect(try pooled("quantile", [4, 2, 1, 3], ["q": 0.25, "interpolation": .string(interpolation)]) == want)
    }

    @Test(arguments: [0, 0.01, 0.3, 0.5, 0.77, 1])
    func `large windows have the quantile of their sorted elements`(_ q: Double) throws {
        for count in [300, 1000, 2501] {
            let elements = (0..<count).map { Double(($0 * 7919 + 13) % (count / 3) - count / 7) }
            let (sorted, place) = (elements.sorted(), q * Double(count - 1))
            let (lower, upper) = (sorted[Int(place)], sorted[Int(place.rounded(.up))])
            let expected = lower + (upper - lower) * (place - place.rounded(.down))
            let got = try pooled("quantile", elements, ["q": .number(FieldNumber(value: q, whole: nil))])
            #expect((got - expected).magnitude < 1e-9, "\(count)")
        }
    }

    @Test func `nearest goes to the even position from halfway`() throws {
        #expect(try pooled("quantile", [1, 2], ["interpolation": "nearest"]) == 1)
        #expect(try pooled("quantile", [1, 2, 3, 4], ["interpolation": "nearest"]) == 3)
    }

    @Test func `the gradient is shared as the interpolation shares`() throws {
        #expect(try slopes("quantile", [4, 2, 1, 3], ["q": 0.25]) == [0, 0.75, 0.25, 0])
        #expect(try slopes("quantile", [4, 2, 1, 3], ["q": 0.25, "interpolation": "midpoint"]) == [0, 0.5, 0.5, 0])
    }

    @Test func `the ends are the smallest and the largest`() throws {
        #expect(try pooled("quantile", [4, 2, 1, 3], ["q": 0]) == 1)
        #expect(try pooled("quantile", [4, 2, 1, 3], ["q": 1]) == 4)
    }

    @Test(arguments: [("lower", 2), ("higher", 4), ("nearest", 2)] as [(String, Int64)])
    func `integers take one of their elements`(_ interpolation: String, _ expected: Int64) throws {
        let fields: Fields = ["region": "global", "q": 0.45, "interpolation": .string(interpolation)]
        let input = Tensor(whole: [4, 1, 2, 9], shape: [4], .int16)
        let output = try request("quantile", fields, input: input).result(.output)
        #expect(output.elementType == .int16)
        #expect(output.wholeElements == [expected])
        #expect(request("quantile", ["region": "global"], input: input).rejection?.field == "dtype")
    }
}
