import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct CostModelTests {
    @Test func `a bin of samples costs what laying it out takes`() throws {
        let boxes: [TensorName: Tensor] = [.rois: Tensor([0, -1, -1, 1, 1], shape: [1, 5])]
        let fields: Fields = ["region": "roi_align", "output_size": [100, 100]]
        for channels in [1, 64] {
            let input = Tensor(elementType: .float32, shape: [1, channels, 1, 1])
            let forward = request("avg", fields, input: input, boxes)
            let backward = forward.backward(try Tensor(allocating: .float32, shape: [1, channels, 100, 100]))
            // Bins are laid out for several channels together.
            let bins = min(channels, 8) * 10_000
            #expect(try PoolingPlan(forward, limits: .roomy).cost.operations >= 80 * bins)
            #expect(try PoolingPlan(backward, limits: .roomy).cost.operations >= 100 * bins)
        }
    }
}
