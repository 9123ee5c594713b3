import PoolingTestKit
import Testing

@testable import PoolingEngine

/// Holds the kernel that folds rows before it gathers columns to the oracle, over the layers that it cuts in other ways.
@Suite struct PlanarKernelTests {
    private static let layers = [
        NamedLayer("bins of one size", [2, 3, 16, 24], ["region": "adaptive", "output_size": [2, 3]]),
        NamedLayer("bins that overlap", [2, 2, 19, 23], ["region": "adaptive", "output_size": [5, 7]]),
        NamedLayer("a plane in bands", [1, 2, 90, 301], ["region": "adaptive", "output_size": [4, 30]]),
        NamedLayer("depths in a stack", [3, 5, 7, 9], ["region": "adaptive", "output_size": [2, 3, 4]]),
        NamedLayer("depths of a plane in bands", [1, 5, 66, 201], ["region": "adaptive", "output_size": [2, 7, 33]]),
        NamedLayer("pieces of planes with depths", [2, 3, 1100, 2], ["kernel": [2, 3, 2], "stride": 1]),
        NamedLayer("far kernels", [2, 3, 20, 37], ["kernel": [3, 3], "stride": 3, "padding": 1]),
        NamedLayer("large kernels that overlap", [1, 2, 40, 50], ["kernel": [7, 8], "stride": 3]),
    ]

    private static let ops = NamedOp.all.filter { ["max", "min", "sum", "avg", "mean_sqrt_len"].contains($0.op) }

    @Test(arguments: layers)
    func `results agree with the oracle, whatever the slices`(_ layer: NamedLayer) throws {
        let windows = try layer.oracle()
        for op in Self.ops where !layer.rejects(op) {
            for type in [ElementType.float32, .float64, .bfloat16] {
                let values = (op.hasIndices ? ValueCorpus.special : .normal).tensor(shape: layer.shape, type)
                var request = layer.request(op, input: GuardedMemory.holding(values))
                for hasIndices in [false, true] where !hasIndices || op.hasIndices {
                    if hasIndices { request = request.with("return_indices", true) }
                    #expect(try PoolingPlan(request, limits: .roomy).kernel == "rows.planar")
                    #expect(try disagreement(request, op, windowsOf: windows) == nil, "\(op), \(type)")
                    #expect(try request.slicesThatDiffer() == [], "\(op), \(type)")
                }
            }
        }
    }

    @Test(arguments: layers, [ValueCorpus.manyTies, .special])
    func `the first of equal cells is named`(_ layer: NamedLayer, _ values: ValueCorpus) throws {
        let windows = try layer.oracle()
        for op in Self.ops where op.hasIndices && !layer.rejects(op) {
            for type in [ElementType.float32, .int16] where type.isFloatingPoint || values.isTame {
                let request = layer.request(op, input: values.tensor(shape: layer.shape, type))
                    .with("return_indices", true)
                #expect(try disagreement(request, op, windowsOf: windows) == nil, "\(op), \(type)")
            }
        }
    }

    @Test(arguments: [[2, 3, 40], [2, 3, 5, 9], [2, 3, 4, 5, 6]])
    func `planes with one window over all of them are folded as one run`(_ shape: [Int]) throws {
        let input = ValueCorpus.normal.tensor(shape: shape, .float32)
        for op in Self.ops where op.fields.isEmpty {
            let layer = NamedLayer("whole", shape, ["region": "global", "dims": .whole(shape.count - 2)])
            let kernel = try PoolingPlan(layer.request(op, input: input), limits: .roomy).kernel
            #expect(kernel == "rows.whole_plane", "\(op)")
        }
    }

    @Test(arguments: [
        ("avg", [1, 20, 2], [20, 60_001], [0, 30_499]), ("avg", [1, 100, 100], [5001, 5001], [2500, 2500]),
        ("max", [4, 20, 2], [39, 60_001], [19, 30_499]), ("weighted", [2000, 1, 2], [1, 40_001], [0, 20_499]),
    ])
    func `rows that are mostly padding are not folded with it`(
        _ op: String, _ shape: [Int], _ kernel: [Int], _ padding: [Int]
    ) throws {
        let input = try Tensor(allocating: .float32, shape: shape, zeroed: true)
        let weights = try Tensor(allocating: .float32, shape: kernel, zeroed: true)
        let layer = request(
            op, ["kernel": .wholes(kernel), "stride": 1, "padding": .wholes(padding)], input: input,
            op == "weighted" ? [.weights: weights] : [:])
        let name = try PoolingPlan(layer, limits: .roomy).kernel
        let quick = [
            "rows.planar", "rows.interleaved", "rows.whole_plane", "taps.plane", "taps.planar", "taps.interleaved",
        ]
        #expect(!quick.contains(name), "\(name)")
    }
}
