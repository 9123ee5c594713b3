import PoolingEngine
import PoolingTestKit
import Testing

/// What must hold between answers, whatever the op.
@Suite struct SymmetryTests {
    @Test(arguments: NamedOp.ofWindowsAlone)
    func `a batch is pooled as its samples one by one`(_ op: NamedOp) throws {
        let layer = NamedLayer("batch", [3, 2, 5, 7], ["kernel": [3, 2], "stride": 2, "padding": [1, 0]])
        let batch = op.values.tensor(shape: layer.shape, .float32)
        let together = try layer.request(op, input: batch).answer(.output)
        let singles = try (0..<3).map { sample in
            let values = Array(batch.realElements[sample * 70..<(sample + 1) * 70])
            return try layer.request(op, input: Tensor(values, shape: [1, 2, 5, 7])).answer(.output)
        }
        #expect(together.rawBytes == singles.flatMap(\.rawBytes))
    }

    @Test(arguments: NamedOp.ofWindowsAlone)
    func `channels last is channels first transposed`(_ op: NamedOp) throws {
        let first = NamedLayer("first", [2, 17, 5, 6], ["kernel": [2, 3], "stride": [2, 1]])
        let last = NamedLayer(
            "last", [2, 5, 6, 17], ["kernel": [2, 3], "stride": [2, 1], "layout": "channels_last"])
        let input = op.values.tensor(shape: first.shape, .float32)
        let expected = try first.request(op, input: input).answer(.output)
        let got = try last.request(op, input: input.channelsMovedLast).answer(.output)
        #expect(got.shape == expected.channelsMovedLast.shape)
        let wanted = expected.channelsMovedLast.realElements
        // Both orders add the same terms; only the order of additions may differ.
        #expect(zip(got.realElements, wanted).allSatisfy { ($0 - $1).magnitude <= 1e-5 * (1 + $1.magnitude) })
    }

    @Test(arguments: ShapeCorpus.all)
    func `the number of slices changes no bit`(_ layer: NamedLayer) throws {
        let gradOutput = layer.gradOutput(try layer.oracle(), .float32)
        for op in NamedOp.all where !layer.rejects(op) {
            let forward = layer.request(op, input: op.values.tensor(shape: layer.shape, .float32))
            for request in [forward, forward.backward(gradOutput)] {
                #expect(try request.slicesThatDiffer(of: [2, 3, 7]) == [], "\(op), \(request.endpoint)")
            }
        }
    }
}

extension NamedOp {
    /// Ops whose answer depends on the window alone, not on the number of the output.
    static let ofWindowsAlone = all.filter { $0.op != "stochastic" }
}

extension Tensor {
    /// `[N, C, H, W]` as `[N, H, W, C]`.
    var channelsMovedLast: Tensor {
        let (n, c, plane) = (shape[0], shape[1], shape[2] * shape[3])
        let values = doubles
        let moved = (0..<count).map { index in
            let (sample, rest) = (index / (c * plane), index % (c * plane))
            return values[(sample * c + rest % c) * plane + rest / c]
        }
        return Tensor(moved, shape: [n, shape[2], shape[3], c], elementType)
    }
}
