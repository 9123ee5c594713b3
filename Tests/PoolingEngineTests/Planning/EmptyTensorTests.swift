import PoolingTestKit
import Testing

@testable import PoolingEngine

/// Every op over every kind of window of a tensor without elements: planned and computed like any other, whatever the other
/// axes are.
@Suite struct EmptyTensorTests {
    private static let shapes = [
        [0, 250_000_000, 1, 1], [0, 1, 4, 4], [0, 5, 3, 4], [0, 4, 4, 1],
    ]

    private static let layers: [Fields] = [
        ["kernel": [1, 1]], ["kernel": [2, 2], "stride": 1, "padding": 1], ["region": "global"],
        ["region": "adaptive", "output_size": [2, 2]], ["region": "pyramid", "levels": [1, 2]],
        ["region": "fractional", "output_size": [1, 1], "kernel": [1, 1], "seed": 1],
    ]

    @Test(arguments: shapes, ["channels_first", "channels_last"])
    func `nothing is pooled to nothing`(_ shape: [Int], _ layout: String) throws {
        let input = Tensor(elementType: .float32, shape: shape)
        var pooledCount = 0
        for fields in Self.layers {
            for op in NamedOp.all {
                let forward = request(op.op, fields, input: input).with("layout", .string(layout))
                let asked = op.fields.reduce(forward) { $0.with($1.name, $1.value) }
                // Some are rejected for their shapes.
                guard asked.rejection == nil else { continue }
                pooledCount += 1
                let output = try asked.result(.output)
                #expect(output.count == 0, "\(op), \(fields)")
                let gradient = try asked.backward(Tensor(elementType: .float32, shape: output.shape)).run()[.gradInput]
                #expect(gradient?.shape == shape, "\(op), \(fields)")
            }
        }
        #expect(pooledCount > 0)
    }

    @Test(arguments: [[2, 0, 6, 6], [3, 0, 1, 1], [2, 6, 6, 0]], ["channels_first", "channels_last"])
    func `nothing but a leading axis is empty`(_ shape: [Int], _ layout: String) {
        let input = Tensor(elementType: .float32, shape: shape)
        for fields in Self.layers {
            let rejection = request("max", fields, input: input).with("layout", .string(layout)).rejection
            #expect(rejection?.reason == .outOfRange, "\(fields)")
        }
    }
}
