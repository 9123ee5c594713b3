import PoolingTestKit
import Testing

@testable import PoolingEngine

/// Holds the kernel that copies one cell of each window to the oracle, over the layers that it cuts in other ways.
@Suite struct EdgeKernelTests {
    private static let layers = [
        NamedLayer("a row longer than a list", [2, 8301], ["kernel": [2], "dims": 1]),
        NamedLayer("clipped at both ends of a long row", [1, 4500], ["kernel": [4], "stride": 1, "padding": [2]]),
        NamedLayer("rows that are not listed", [2, 70, 67], ["kernel": [3, 3], "stride": 1, "padding": 1]),
        NamedLayer(
            "rows of several depths that are not listed", [1, 1, 3, 66, 65],
            ["kernel": [2, 1, 2], "stride": 1, "dims": 3]),
        NamedLayer(
            "zeros in rows that are not listed", [1, 70, 67],
            ["kernel": [3, 3], "stride": 1, "padding": 1, "padding_mode": "zeros"]),
        NamedLayer(
            "dilated, reflected", [3, 9, 8],
            ["kernel": [2, 3], "dilation": 2, "stride": 1, "padding": 1, "padding_mode": "reflect"]),
        NamedLayer("few windows of many planes", [3, 17, 4, 4], ["kernel": [2, 2]]),
        NamedLayer(
            "channels last, clipped", [2, 7, 6, 37],
            ["kernel": [3, 3], "stride": 2, "padding": 1, "layout": "channels_last"]),
        NamedLayer(
            "channels last, zeros", [2, 5, 4, 3],
            ["kernel": [3, 2], "stride": 2, "padding": 1, "padding_mode": "zeros", "layout": "channels_last"]),
        NamedLayer("overlapping bins", [2, 3, 11, 5], ["region": "adaptive", "output_size": [4, 9]]),
        NamedLayer("the whole plane", [2, 9, 5, 3], ["region": "global"]),
    ]
    private static let ops = NamedOp.all.filter { ["first", "last"].contains($0.op) }

    @Test(arguments: layers)
    func `copies agree with the oracle, whatever the slices`(_ layer: NamedLayer) throws {
        let windows = try layer.oracle()
        for op in Self.ops {
            let bases = ["plane", "sample", "tensor"] + (layer.capabilities.numbersKernelCells ? ["window"] : [])
            for base in bases {
                let values = ValueCorpus.special.tensor(shape: layer.shape, .float32)
                let request = layer.request(op, input: GuardedMemory.holding(values))
                    .with("return_indices", true).with("index_base", .string(base))
                #expect(try PoolingPlan(request, limits: .roomy).kernel == "edges")
                #expect(try disagreement(request, op, windowsOf: windows) == nil, "\(op), \(base)")
                #expect(try request.slicesThatDiffer() == [], "\(op), \(base)")
            }
        }
    }

    @Test(arguments: layers)
    func `gradients agree with the oracle, whatever the slices`(_ layer: NamedLayer) throws {
        let windows = try layer.oracle()
        for op in Self.ops {
            for type in [ElementType.float32, .bfloat16] {
                let forward = layer.request(op, input: ValueCorpus.normal.tensor(shape: layer.shape, type))
                let backward = forward.backward(GuardedMemory.holding(layer.gradOutput(windows, type)))
                #expect(try PoolingPlan(backward, limits: .roomy).kernel == "edges")
                #expect(try gradientDisagreement(backward, windowsOf: windows) == nil, "\(op), \(type)")
                #expect(try backward.slicesThatDiffer() == [], "\(op), \(type)")
            }
        }
    }

    @Test func `a window without cells gets the value that is asked for and no index`() throws {
        let ids = Tensor(whole: [0, 2, 2], shape: [3])
        let rows = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
        let fields: Fields = ["region": "segments", "segments": 4, "empty_value": 9]
        for (op, want) in [("first", [1.0, 2, 9, 9, 3, 4, 9, 9]), ("last", [1, 2, 9, 9, 5, 6, 9, 9])] {
            let result = try request(op, fields, input: rows).with(.segmentIDs, ids).with("return_indices", true).run()
            #expect(result[.output]?.realElements == want)
            #expect(result[.indices]?.wholeElements.map { $0 < 0 } == want.map { $0 == 9 })
        }
    }
}
