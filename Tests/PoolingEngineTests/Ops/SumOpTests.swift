import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct SumOpTests {
    @Test func `overlapping windows add up their gradients`() throws {
        let forward = request("sum", ["kernel": [2], "stride": 1], input: row([1, 2, 4]))
        #expect(try forward.result(.output).realElements == [3, 6])
        #expect(try forward.backward(row([10, 1])).result(.gradInput).realElements == [10, 11, 1])
    }

    @Test func `a sum that does not fit its integers is rejected`() throws {
        let input = Tensor(whole: [200, 100], shape: [2], .uint8)
        #expect(request("sum", ["kernel": [2]], input: input).rejection?.reason == .integerOverflow)
    }

    @Test func `a sum that passes beyond the type and comes back is exact`() throws {
        let input = Tensor(whole: [Int64.max, Int64.max, Int64.min, Int64.min], shape: [4], .int64)
        #expect(try request("sum", ["kernel": [4]], input: input).result(.output).wholeElements == [-2])
    }

    @Test(arguments: ["sequence", "bags", "segments"])
    func `sums of very many rows are added 64 at a time, or in double precision`(_ region: String) throws {
        let (count, width) = (200_000, 2)
        let tenth = Double(Float(0.1))
        let rows = Tensor([Double](repeating: tenth, count: count * width), shape: [count, width], .float32)
        let forward =
            switch region {
            case "bags":
                request(
                    "sum", ["region": "bags"], input: rows, [.spans: Tensor(whole: [0, Int64(count)], shape: [1, 2])])
            case "segments":
                request(
                    "sum", ["region": "segments"], input: rows,
                    [.segmentIDs: Tensor(whole: [Int64](repeating: 0, count: count), shape: [count])])
            default:
                request("sum", ["region": "sequence"], input: rows.reshaped([1, count, width]))
            }
        let sums = try forward.result(.output).realElements
        // One by one, a five-hundredth would be lost.
        let bound = Double(64 + count / 64) * 0x1p-24
        #expect(sums.allSatisfy { ($0 / (tenth * Double(count)) - 1).magnitude <= bound }, "\(sums)")
    }
}
