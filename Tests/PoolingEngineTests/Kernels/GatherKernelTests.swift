import PoolingTestKit
import Testing

@testable import PoolingEngine

/// Holds the kernel that copies the runs of one window after the other to the oracle.
@Suite struct GatherKernelTests {
    private static let layers = [
        NamedLayer("runs of whole vectors", [2, 3, 16, 24], ["region": "adaptive", "output_size": [2, 3]]),
        NamedLayer("runs a little longer", [2, 2, 19, 27], ["region": "adaptive", "output_size": [3, 3]]),
        NamedLayer("runs shorter than a vector", [3, 2, 20, 10], ["region": "adaptive", "output_size": [2, 3]]),
    ]

    private static let ops = NamedOp.all.filter { $0.needs == .nothing && !["first", "last"].contains($0.op) }

    /// Ops that faster kernels compute over these layers.
    private static let others: Set = [
        "avg", "logsumexp", "lp", "max", "mean_sqrt_len", "min", "mixed", "power_avg", "product",
        "softmax", "std", "sum", "variance",
    ]

    @Test(arguments: layers)
    func `results and gradients agree with the oracle, whatever the slices`(_ layer: NamedLayer) throws {
        let windows = try layer.oracle()
        var others: Set<String> = []
        for op in Self.ops where !layer.rejects(op) {
            for type in [ElementType.float32, .float64, .bfloat16] {
                let values = ValueCorpus.normal.tensor(shape: layer.shape, type)
                let forward = layer.request(op, input: GuardedMemory.holding(values))
                guard try PoolingPlan(forward, limits: .roomy).kernel == "gather.reference" else {
                    others.insert(op.op)
                    continue
                }
                #expect(try disagreement(forward, op, windowsOf: windows) == nil, "\(op), \(type)")
                let backward = forward.backward(GuardedMemory.holding(layer.gradOutput(windows, type)))
                #expect(try gradientDisagreement(backward, windowsOf: windows) == nil, "\(op), \(type)")
                for request in [forward, backward] {
                    #expect(try request.slicesThatDiffer() == [], "\(op), \(type), \(request.endpoint)")
                }
            }
        }
        #expect(others == Self.others)
    }
}
