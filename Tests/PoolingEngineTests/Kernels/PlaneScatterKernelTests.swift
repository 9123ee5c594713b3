import PoolingTestKit
import Testing

@testable import PoolingEngine

/// Holds gradients that indices send back to those that the input sends back, in the layouts that have a kernel of their own.
@Suite struct PlaneScatterKernelTests {
    @Test(arguments: ["channels_first", "channels_last"], [2, 3])
    func `indices of whole planes are followed plane after plane`(_ layout: String, _ dims: Int) throws {
        let shape = [2] + [6, 7, 5].suffix(dims) + [4]
        let layer = NamedLayer("layout", shape, ["kernel": 2, "layout": .string(layout), "dims": .whole(dims)])
        let op = try #require(NamedOp.all.first { $0.op == "max" })
        let forward = layer.request(op, input: ValueCorpus.normal.tensor(shape: shape, .float32))
        let gradOutput = layer.gradOutput(try layer.oracle(), .float32)
        let indices = try forward.with("return_indices", true).result(.indices)
        let backward = forward.backward(gradOutput, indices: indices)
        #expect(try PoolingPlan(backward, limits: .roomy).kernel == "indices.planes")
        let fromInput = try forward.backward(gradOutput).result(.gradInput)
        #expect(try backward.result(.gradInput).realElements == fromInput.realElements)
    }
}
