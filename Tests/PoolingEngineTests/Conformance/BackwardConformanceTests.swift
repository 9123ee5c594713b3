import PoolingTestKit
import Testing

@testable import PoolingEngine

/// Holds every gradient to the oracle's formula, and the formulas to finite differences.
@Suite struct BackwardConformanceTests {
    @Test(arguments: ShapeCorpus.all)
    func `every gradient agrees with the oracle`(_ layer: NamedLayer) throws {
        let windows = try layer.oracle()
        for op in NamedOp.all where !layer.rejects(op) {
            for type in [ElementType.float64, .float32] {
                let forward = layer.request(op, input: op.values.tensor(shape: layer.shape, type))
                guard try Oracle(forward, windowsOf: windows).isSmooth else { continue }
                let request = forward.backward(layer.gradOutput(windows, type))
                #expect(try gradientDisagreement(request, windowsOf: windows) == nil, "\(op), \(type)")
            }
        }
    }

    @Test(arguments: ShapeCorpus.selecting)
    func `indices lead every gradient to the same place as the input`(_ layer: NamedLayer) throws {
        let gradOutput = layer.gradOutput(try layer.oracle(), .float64)
        for op in NamedOp.all where op.hasIndices {
            let forward = layer.request(op, input: op.values.tensor(shape: layer.shape, .float64))
            let fromInput = try forward.backward(gradOutput).result(.gradInput)
            for fields in indexForms(layer) {
                var asking = forward
                asking.fields += fields
                let indices = try asking.with("return_indices", true).result(.indices)
                let fromIndices = try asking.backward(gradOutput, indices: indices).result(.gradInput)
                // `mixed` may add its two shares in another order.
                expectClose(
                    fromIndices.realElements, fromInput.realElements, "\(op), \(asking.brief)", within: 1e-12)
            }
        }
    }

    /// Every base and order that the layer's region has.
    private func indexForms(_ layer: NamedLayer) -> [[Field]] {
        let overAxes = layer.fields.contains { $0.name == "axes" }
        var bases = ["plane", "tensor"]
        if !overAxes, layer.capabilities.numbersSamples { bases.append("sample") }
        if layer.capabilities.numbersKernelCells { bases.append("window") }
        // Rows of several batches have no other order.
        let orders = layer.tensors[.spans] == nil ? ["row_major", "column_major"] : ["row_major"]
        return bases.flatMap { base in
            orders.map { order in
                [Field("index_base", .string(base)), Field("index_order", .string(order))]
            }
        }
    }

    @Test(arguments: ShapeCorpus.measured)
    func `gradients are what finite differences measure`(_ layer: NamedLayer) throws {
        for op in NamedOp.all where !layer.rejects(op) {
            let forward = layer.request(op, input: op.values.tensor(shape: layer.shape, .float64))
            guard try Oracle(forward).isSmooth else { continue }
            let gradOutput = try forward.gradOutput(.float64)
            let measured = try FiniteDifferences.gradient(of: forward, gradOutput)
            let result = try forward.backward(gradOutput).run()
            expectClose(result[.gradInput]?.realElements ?? [], measured, "\(op)")
            guard op.isWeighted else { continue }
            let weights = try FiniteDifferences.gradient(of: forward, gradOutput, with: .weights)
            expectClose(result[.gradWeights]?.realElements ?? [], weights, "\(op), weights")
        }
    }

    private func expectClose(_ got: [Double], _ want: [Double], _ comment: Comment, within bound: Double = 1e-7) {
        let isClose =
            got.count == want.count && zip(got, want).allSatisfy { ($0 - $1).magnitude <= bound * (1 + $1.magnitude) }
        #expect(isClose, comment)
    }
}
