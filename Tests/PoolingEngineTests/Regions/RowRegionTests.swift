import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct SequenceRegionTests {
    private let steps = Tensor([1, 10, 2, 20, 3, 30], shape: [1, 3, 2])

    @Test func `steps that the mask leaves out take no part`() throws {
        let mask = Tensor(whole: [1, 0, 1], shape: [1, 3], .bool)
        let forward = request("avg", ["region": "sequence"], input: steps, [.mask: mask])
        #expect(try forward.result(.output).realElements == [2, 20])
        #expect(try forward.result(.output).shape == [1, 2])
    }

    @Test func `first and last are the first and last valid step`() throws {
        let mask = Tensor(whole: [0, 1, 1], shape: [1, 3], .bool)
        let fields: Fields = ["region": "sequence", "return_indices": true]
        #expect(try request("first", fields, input: steps, [.mask: mask]).result(.indices).wholeElements == [1, 1])
        let lengths = Tensor(whole: [2], shape: [1])
        #expect(try request("last", fields, input: steps, [.lengths: lengths]).result(.output).realElements == [2, 20])
    }

    @Test func `nothing but masked steps is zero`() throws {
        let lengths = Tensor(whole: [0], shape: [1])
        for op in PoolingCatalog.operationNames where op != "weighted" {
            let fields: Fields = op == "stochastic" ? ["region": "sequence", "seed": 1] : ["region": "sequence"]
            #expect(try request(op, fields, input: steps, [.lengths: lengths]).result(.output).realElements == [0, 0])
        }
    }

    @Test func `mask and lengths together are rejected`() throws {
        let tensors: [TensorName: Tensor] = [
            .mask: Tensor(whole: [1, 1, 1], shape: [1, 3], .bool), .lengths: Tensor(whole: [2], shape: [1]),
        ]
        #expect(request("avg", ["region": "sequence"], input: steps, tensors).rejection != nil)
    }

    @Test func `a length beyond the steps is rejected`() throws {
        let forward = request("avg", ["region": "sequence"], input: steps, [.lengths: Tensor(whole: [4], shape: [1])])
        #expect(forward.rejection?.field.hasPrefix("lengths") == true)
    }

    @Test func `one entry a step weighs a sequence`() throws {
        let forward = request(
            "weighted", ["region": "sequence"], input: steps, [.weights: Tensor([1, 0, 2], shape: [3])])
        #expect(try forward.result(.output).realElements == [7, 70])
    }
}

@Suite struct SegmentsRegionTests {
    private let rows = Tensor([1, 2, 4, 8], shape: [4])
    private let ids = Tensor(whole: [2, 0, 2, 0], shape: [4])

    @Test func `rows that share an id are pooled, an id without rows is zero`() throws {
        let forward = request("sum", ["region": "segments"], input: rows, [.segmentIDs: ids])
        #expect(try forward.result(.output).realElements == [10, 0, 5])
    }

    @Test func `a negative id drops its row, forward and backward`() throws {
        let ids = Tensor(whole: [1, -1, -7, 1], shape: [4])
        let forward = request("sum", ["region": "segments"], input: rows, [.segmentIDs: ids])
        #expect(try forward.result(.output).realElements == [0, 9])
        #expect(
            try forward.backward(Tensor([5, 3], shape: [2])).result(.gradInput).realElements == [3, 0, 0, 3])
    }

    @Test func `indices are row numbers`() throws {
        let fields: Fields = ["region": "segments", "segments": 4, "return_indices": true]
        let indices = try request("max", fields, input: rows, [.segmentIDs: ids]).result(.indices)
        #expect(indices.wholeElements == [3, -1, 2, -1])
    }

    @Test func `no gradient flows through an empty segment`() throws {
        let forward = request("avg", ["region": "segments"], input: rows, [.segmentIDs: ids])
        #expect(try forward.backward(Tensor([2, 99, 4], shape: [3])).result(.gradInput).realElements == [2, 1, 2, 1])
    }

    @Test func `an id beyond the count is rejected`() throws {
        let forward = request("sum", ["region": "segments", "segments": 2], input: rows, [.segmentIDs: ids])
        #expect(forward.rejection?.field.hasPrefix("segment") == true)
    }
}
