import PoolingEngine
import PoolingTestKit

/// One op over one region in one direction, ready to run.
struct OpCase {
    let op: String
    let sample: RegionSample
    let layout: Layout
    let request: PoolingRequest
    /// The technique that the engine has chosen.
    let kernel: String

    /// The gradient is computed from the input and a gradient of ordinary numbers.
    init(
        _ op: String, _ sample: RegionSample, backward: Bool, _ layout: Layout, _ type: ElementType,
        _ normals: RandomNormals
    ) throws {
        self.op = op
        self.sample = sample
        self.layout = layout
        let forward = sample.request(op, layout, type, normals)
        if backward {
            let output = try PoolingPlan(forward, limits: .measured).execute(Operands(forward))[.output]
            request = forward.backward(normals.tensor(output?.shape ?? [], type))
        } else {
            request = forward
        }
        kernel = try PoolingPlan(request, limits: .measured).kernel
    }

    var elementCount: Int { sample.shape.reduce(1, *) }
}
