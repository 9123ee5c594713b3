import PoolingTestKit
import Testing

@testable import PoolingEngine

/// Gradients of narrow types, which are added up in a wider type and rounded part by part.
@Suite struct GradientStripsTests {
    @Test(arguments: ShapeCorpus.all)
    func `gradients that are rounded in strips are those that are rounded at once`(_ layer: NamedLayer) throws {
        for op in NamedOp.all where !layer.rejects(op) {
            for type in [ElementType.float16, .bfloat16] {
                let input = op.values.tensor(shape: layer.shape, type)
                let request = layer.request(op, input: input)
                let incoming = ValueCorpus.normal.tensor(shape: try request.result(.output).shape, type)
                let backward = request.backward(incoming)
                var (whole, strips) = (Workspace(threads: 2), Workspace(threads: 2))
                (whole.leavesSums, strips.stripByteCount) = (true, 1)
                let sums = try #require(try backward.gradient(in: whole))
                let wanted = try sums.rounded(to: type).rawBytes
                #expect(try backward.gradient(in: strips)?.rawBytes == wanted, "\(op), \(type)")
            }
        }
    }

    /// Which gradients are rounded in strips: without this, the test above could compare a path with itself.
    @Test(arguments: [
        NamedLayer("planes", [2, 70, 4, 6], ["kernel": [2, 2]]),
        NamedLayer("planes side by side", [2, 4, 6, 70], ["kernel": [2, 2], "layout": "channels_last"]),
        NamedLayer("levels", [2, 70, 6, 7], ["region": "pyramid", "levels": [1, 2]]),
        NamedLayer("bins", [2, 70, 6, 7], ["region": "adaptive", "output_size": [2, 3]]),
    ])
    func `planes that follow each other in memory have strips`(_ layer: NamedLayer) throws {
        for op in NamedOp.all where ["max", "avg", "lp", "softmax"].contains(op.op) {
            let input = op.values.tensor(shape: layer.shape, .float16)
            let request = layer.request(op, input: input)
            let backward = request.backward(try request.result(.output))
            let plan = try PoolingPlan(backward, limits: .roomy)
            #expect(plan.roundsInStrips, "\(op)")
        }
    }

    /// Indices that count over a sample or the tensor may name elements of any plane, which no strip has.
    @Test(arguments: ["sample", "tensor"])
    func `indices that may name elements of other planes have no strips`(_ base: String) throws {
        let (count, reversed) = (40, (0..<40).reversed())
        let gradOutput = Tensor((0..<count).map(Double.init), shape: [1, count, 1], .float16)
        let indices = Tensor(whole: reversed.map { Int64(2 * $0) }, shape: [1, count, 1])
        let request = PoolingRequest(
            endpoint: .backward,
            fields: [
                Field("op", "max"), Field("kernel", [2]), Field("input_shape", [1, 40, 2]),
                Field("index_base", .string(base)),
            ],
            tensors: [.gradOutput: gradOutput, .indices: indices])
        var workspace = Workspace(threads: 4)
        (workspace.slices, workspace.stripByteCount) = (4, 1)
        let gradient = try #require(try request.gradient(in: workspace)).doubles
        #expect(gradient == reversed.flatMap { [Double($0), 0] })
        let program = try #require(try PoolingPlan(request, limits: .roomy).program as? BackwardProgram)
        #expect(program.strips == nil)
    }

    /// The sums of a strip are shorter than the input: an element of another strip is outside.
    @Test func `a wrong index is found in any strip`() throws {
        let gradOutput = Tensor([Double](repeating: 1, count: 40), shape: [1, 40, 1], .float16)
        var indices = [Int64](repeating: 2, count: 40)
        indices[33] = 3
        let request = PoolingRequest(
            endpoint: .backward,
            fields: [Field("op", "max"), Field("kernel", [3]), Field("input_shape", [1, 40, 3])],
            tensors: [.gradOutput: gradOutput, .indices: Tensor(whole: indices, shape: [1, 40, 1])])
        var workspace = Workspace()
        workspace.stripByteCount = 1
        #expect(throws: PoolingError.self) { try request.gradient(in: workspace) }
    }
}

extension PoolingPlan {
    fileprivate var roundsInStrips: Bool {
        let backward = program as? BackwardProgram ?? (program as? RecomputedIndicesProgram)?.backward
        return backward?.strips != nil
    }
}

extension PoolingRequest {
    fileprivate func gradient(in workspace: Workspace) throws -> Tensor? {
        let plan = try PoolingPlan(self, limits: .roomy)
        return try plan.execute(Operands(self), in: workspace)[.gradInput]
    }
}
