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

    /// 1,024 elements, and axes of one element.
    private static let deep = Tensor(elementType: .float32, shape: [1024] + [Int](repeating: 1, count: 63))

    private func operations(_ request: PoolingRequest) throws -> Int {
        try PoolingPlan(request, limits: .roomy).cost.operations
    }

    /// Every pooled axis is looked at for each window, which took 2.4 µs for 64 axes.
    @Test(arguments: ["max", "median", "softmax", "avg"], [false, true])
    func `windows over many axes cost what walking along them takes`(_ op: String, _ isGradient: Bool) throws {
        let axes = FieldValue.list((0..<64).map { .number(FieldNumber($0)) })
        let forward = request(op, ["axes": axes, "kernel": 1], input: Self.deep)
        let asked = isGradient ? forward.backward(Self.deep) : forward
        #expect(try operations(asked) >= 1024 * 2400)
    }

    /// Every axis that an index counts takes a division.
    @Test func `indices that count many axes cost what reading them takes`() throws {
        let numbers = try Tensor(allocating: .int64, shape: Self.deep.shape, zeroed: true)
        let fields: Fields = ["op": "max", "kernel": 1, "index_base": "tensor"]
        let shape = FieldValue.list(Self.deep.shape.map { .number(FieldNumber($0)) })
        let backward = request(.backward, fields, [.gradOutput: Self.deep, .indices: numbers])
            .with("input_shape", shape)
        #expect(try operations(backward) >= 1024 * 250)
    }

    @Test func `unpooling into many axes costs what placing a value along them takes`() throws {
        let numbers = try Tensor(allocating: .int64, shape: Self.deep.shape, zeroed: true)
        let unpool = request(.unpool, ["kernel": 1], [.input: Self.deep, .indices: numbers])
        #expect(try operations(unpool) >= 1024 * 1000)
        let gradient = request(.backward, ["op": "unpool", "kernel": 1], [.gradOutput: Self.deep, .indices: numbers])
        #expect(try operations(gradient) >= 1024 * 1000)
    }
}
