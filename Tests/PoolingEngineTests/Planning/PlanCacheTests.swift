import PoolingTestKit
import RecycledMemory
import Testing

@testable import PoolingEngine

/// Holds remembered plans to those that are made afresh.
@Suite struct PlanCacheTests {
    private let cache = PlanCache()

    private func sixteen(_ first: Double = 1) -> Tensor {
        Tensor((0..<16).map { first + Double($0) }, shape: [4, 4])
    }

    private func result(_ request: PoolingRequest) throws -> [[Double]] {
        try cache.plan(request, limits: .roomy).execute(Operands(request)).tensors.map(\.tensor.doubles)
    }

    private func afresh(_ request: PoolingRequest) throws -> [[Double]] {
        try request.run().tensors.map(\.tensor.doubles)
    }

    @Test func `a remembered plan works on the elements of the request at hand`() throws {
        for first: Double in [1, -20, 7] {
            let asked = request("max", ["kernel": 2, "return_indices": true], input: sixteen(first))
            #expect(try result(asked) == afresh(asked))
        }
        #expect(cache.count == 1)
    }

    @Test(arguments: ["max", "avg", "lp", "softmax", "median"])
    func `a remembered gradient is taken at the input of the request at hand`(_ op: String) throws {
        for first: Double in [1, -20, 7] {
            let forward = request(op, ["kernel": 2], input: sixteen(first))
            let asked = forward.backward(Tensor([1, 2, first, 4], shape: [2, 2]))
            #expect(try result(asked) == afresh(asked))
        }
        #expect(cache.count == 1)
    }

    @Test func `a plan works again on a tensor of the same type and shape, and on no other`() throws {
        let plan = try cache.plan(request("max", ["kernel": 2], input: sixteen()), limits: .roomy)
        #expect(plan.fits(sixteen(-20)))
        #expect(
            try plan.execute(Operands(main: sixteen(-20))).tensors.map(\.tensor.doubles)
                == afresh(request("max", ["kernel": 2], input: sixteen(-20))))
        #expect(!plan.fits(sixteen().reshaped([2, 8])))
        #expect(!plan.fits(Tensor(whole: Array(0..<16), shape: [4, 4])))
        let gradient = request("lp", ["kernel": 2], input: sixteen()).backward(Tensor([1, 2, 3, 4], shape: [2, 2]))
        // Its input has a say too.
        #expect(try !cache.plan(gradient, limits: .roomy).fits(Tensor([1, 2, 3, 4], shape: [2, 2])))
    }

    @Test func `requests that differ in anything but elements have plans of their own`() throws {
        let first = request("max", ["kernel": 2], input: sixteen())
        let others = [
            request("min", ["kernel": 2], input: sixteen()),
            request("max", ["kernel": [2, 1]], input: sixteen()),
            request("max", ["kernel": 2, "stride": 1], input: sixteen()),
            request("max", ["kernel": 2, "return_indices": true], input: sixteen()),
            request("max", ["kernel": 2], input: sixteen().reshaped([2, 8])),
            request("max", ["kernel": 2], input: Tensor(whole: Array(0..<16), shape: [4, 4])),
        ]
        for (place, asked) in ([first] + others).enumerated() {
            #expect(try result(asked) == afresh(asked))
            #expect(cache.count == place + 1)
        }
    }

    @Test func `a tensor whose elements decide is looked at every time`() throws {
        for lengths: [Int64] in [[1, 2], [2, 2], [0, 1]] {
            let rows = Tensor([1, 2, 3, 4], shape: [2, 2, 1])
            let asked = request(
                "sum", ["region": "sequence"], input: rows, [.lengths: Tensor(whole: lengths, shape: [2])])
            #expect(try result(asked) == afresh(asked))
        }
        for indices: [Int64] in [[0, 2, 8, 10], [5, 7, 13, 15]] {
            let asked = request("max", ["kernel": 2], input: sixteen()).backward(
                Tensor([1, 2, 3, 4], shape: [2, 2]), indices: Tensor(whole: indices, shape: [2, 2]))
            #expect(try result(asked) == afresh(asked))
        }
        #expect(cache.count == 0)
    }

    @Test func `the limit on results holds for remembered plans too`() throws {
        let asked = request("max", ["kernel": 2], input: sixteen())
        #expect(try cache.plan(asked, limits: .roomy).cost.resultByteCount == 16)
        let rejection = #expect(throws: PoolingError.self) {
            try cache.plan(asked, limits: .init(resultByteCount: 15))
        }
        #expect(rejection?.reason == .resultTooLarge)
    }

    @Test func `a rejection is not remembered`() {
        let asked = request("max", ["kernel": 5], input: sixteen())
        for _ in 0..<2 {
            let rejection = #expect(throws: PoolingError.self) { try cache.plan(asked, limits: .roomy) }
            #expect(rejection == asked.rejection)
        }
        #expect(cache.count == 0)
    }

    @Test func `only so many plans are remembered, and those in use stay`() throws {
        let inUse = request("max", ["kernel": 2], input: sixteen())
        let kept = try plan(inUse)
        for extent in 1...2000 {
            let other = request("sum", ["region": "global"], input: Tensor(elementType: .float32, shape: [extent, 1]))
            _ = try cache.plan(other, limits: .roomy)
            if extent % 100 == 0 { #expect(try plan(inUse) === kept) }
        }
        #expect(cache.count <= 512)
    }

    @Test func `a plan with large tables is not remembered`() throws {
        let long = Tensor(elementType: .float32, shape: [1 << 17])
        let bins: Fields = ["region": "adaptive", "output_size": 10_000, "dims": 1]
        _ = try cache.plan(request("max", bins, input: long), limits: .roomy)
        #expect(cache.count == 0)
    }

    @Test func `a remembered plan does not keep the elements that it was made for`() throws {
        final class Witness: Sendable {}
        weak var witness: Witness?
        do {
            let elements = sixteen()
            let companion = Witness()
            witness = companion
            let input = Tensor(
                elementType: elements.elementType, shape: elements.shape,
                storage: elements.storage.keeping(companion))
            _ = try result(request("max", ["kernel": 2], input: input))
            _ = try result(request("lp", ["kernel": 2], input: input).backward(Tensor([1, 2, 3, 4], shape: [2, 2])))
        }
        #expect(cache.count == 2)
        #expect(witness == nil)
    }

    private func plan(_ request: PoolingRequest) throws -> PoolingPlan {
        try cache.plan(request, limits: .roomy)
    }
}
