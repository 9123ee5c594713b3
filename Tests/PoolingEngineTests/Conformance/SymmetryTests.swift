import PoolingEngine
import PoolingTestKit
import Testing

/// What must hold between results, whatever the op.
@Suite struct SymmetryTests {
    @Test(arguments: NamedOp.ofWindowsAlone)
    func `a batch is pooled as its samples one by one`(_ op: NamedOp) throws {
        let layer = NamedLayer("batch", [3, 2, 5, 7], ["kernel": [3, 2], "stride": 2, "padding": [1, 0]])
        let batch = op.values.tensor(shape: layer.shape, .float32)
        let together = try layer.request(op, input: batch).result(.output)
        let singles = try (0..<3).map { sample in
            let values = Array(batch.realElements[sample * 70..<(sample + 1) * 70])
            return try layer.request(op, input: Tensor(values, shape: [1, 2, 5, 7])).result(.output)
        }
        #expect(together.rawBytes == singles.flatMap(\.rawBytes))
    }

    @Test(arguments: NamedOp.ofWindowsAlone)
    func `channels last is channels first transposed`(_ op: NamedOp) throws {
        let first = NamedLayer("first", [2, 17, 5, 6], ["kernel": [2, 3], "stride": [2, 1]])
        let last = NamedLayer(
            "last", [2, 5, 6, 17], ["kernel": [2, 3], "stride": [2, 1], "layout": "channels_last"])
        let input = op.values.tensor(shape: first.shape, .float32)
        let expected = try first.request(op, input: input).result(.output)
        let got = try last.request(op, input: input.channelsMovedLast).result(.output)
        #expect(got.shape == expected.channelsMovedLast.shape)
        let wanted = expected.channelsMovedLast.realElements
        // Both orders add the same terms; only the order of additions may differ.
        #expect(zip(got.realElements, wanted).allSatisfy { ($0 - $1).magnitude <= 1e-5 * (1 + $1.magnitude) })
    }

    /// Of fractional windows, each plane has its own, so that planes that are side by side are pooled one by one.
    @Test(arguments: [
        NamedLayer("rows", [2, 3, 1200], ["region": "fractional", "seed": 7, "kernel": [3], "output_size": [500]]),
        NamedLayer(
            "planes", [2, 3, 40, 44], ["region": "fractional", "seed": 7, "kernel": [3, 2], "output_size": [19, 15]]),
        NamedLayer(
            "one column", [1, 5, 600, 1],
            ["region": "fractional", "seed": 7, "kernel": [2, 1], "output_size": [300, 1]]),
        NamedLayer(
            "depths", [1, 3, 9, 12, 11],
            ["region": "fractional", "seed": 7, "kernel": [2, 2, 3], "output_size": [4, 7, 5]]),
    ])
    func `each of planes that are side by side gets the bits of a plane alone`(_ layer: NamedLayer) throws {
        for op in NamedOp.ofWindowsAlone where !layer.rejects(op) {
            for type in [ElementType.float32, .float64, .bfloat16] {
                let values = op.values.tensor(shape: layer.shape, type)
                var first = layer.request(op, input: GuardedMemory.holding(values))
                if op.hasIndices { first = first.with("return_indices", true) }
                let last = first.with(.input, GuardedMemory.holding(values.channelsMovedLast))
                    .with("layout", "channels_last")
                let wanted = try first.result(.output)
                #expect(try last.result(.output).rawBytes == wanted.channelsMovedLast.rawBytes, "\(op), \(type)")
                if op.hasIndices {
                    let indices = try first.result(.indices).channelsMovedLast
                    #expect(try last.result(.indices).rawBytes == indices.rawBytes, "\(op), \(type)")
                }
                let gradOutput = ValueCorpus.normal.tensor(shape: wanted.shape, type)
                let gradient = try layer.request(op, input: values).backward(gradOutput).result(.gradInput)
                let moved = try layer.request(op, input: values.channelsMovedLast).with("layout", "channels_last")
                    .backward(gradOutput.channelsMovedLast).result(.gradInput)
                #expect(moved.rawBytes == gradient.channelsMovedLast.rawBytes, "gradient of \(op), \(type)")
            }
        }
    }

    /// Windows of so many cells are folded in parts, whose cells are far apart with the channels last; planes that have
    /// windows of their own are folded alone.
    @Test(
        arguments: [
            ["region": "global"], ["region": "fractional", "seed": 3, "kernel": [50, 48], "output_size": [1, 1]],
        ] as [Fields], [1, 2, 3, 17])
    func `large windows are the same with the channels last`(_ fields: Fields, _ channels: Int) throws {
        let first = NamedLayer("first", [1, channels, 61, 67], fields)
        let gathered = ["median", "quantile", "lp", "power_avg", "logsumexp", "softmax", "variance", "std"]
        for op in NamedOp.ofWindowsAlone where gathered.contains(op.op) {
            for type in [ElementType.float32, .float16] {
                let input = op.values.tensor(shape: first.shape, type)
                let expected = try first.request(op, input: input).result(.output).doubles
                let got = try first.request(op, input: input.channelsMovedLast).with("layout", "channels_last")
                    .result(.output).doubles
                let tolerance = type == .float32 ? 1e-5 : 2e-3
                #expect(
                    zip(got, expected).allSatisfy { $0 == $1 || ($0 - $1).magnitude <= tolerance * (1 + $1.magnitude) },
                    "\(op), \(type)")
            }
        }
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
    /// Ops whose result depends on the window alone, not on the number of the output.
    static let ofWindowsAlone = all.filter { $0.op != "stochastic" }
}

extension Tensor {
    /// `[N, C, H, W]` as `[N, H, W, C]`, for any number of pooled axes.
    var channelsMovedLast: Tensor {
        let (n, c, pooled) = (shape[0], shape[1], Array(shape.dropFirst(2)))
        let plane = pooled.reduce(1, *)
        let values = doubles
        let moved = (0..<count).map { index in
            let (sample, rest) = (index / (c * plane), index % (c * plane))
            return values[(sample * c + rest % c) * plane + rest / c]
        }
        return Tensor(moved, shape: [n] + pooled + [c], elementType)
    }
}
