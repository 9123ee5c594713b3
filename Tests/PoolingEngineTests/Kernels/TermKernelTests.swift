import Glibc
import PoolingTestKit
import Testing

@testable import PoolingEngine

/// Holds the kernels that compute the terms of each cell once to the oracle, over layers that they cut in other ways.
@Suite struct TermKernelTests {
    private static let layers = [
        NamedLayer("bins of one size", [2, 3, 16, 24], ["region": "adaptive", "output_size": [2, 3]]),
        NamedLayer("bins that overlap", [2, 2, 19, 23], ["region": "adaptive", "output_size": [5, 7]]),
        NamedLayer("many bins in a row", [1, 2, 20, 90], ["region": "adaptive", "output_size": [4, 30]]),
        NamedLayer("depths", [3, 5, 7, 9], ["region": "adaptive", "output_size": [2, 3, 4]]),
        NamedLayer("kernels that overlap", [2, 2, 20, 37], ["kernel": [3, 4], "stride": 2, "padding": 1]),
        NamedLayer("levels", [2, 2, 14, 17], ["region": "pyramid", "levels": [2, 1, 4]]),
        NamedLayer("windows of three by ones", [2, 2, 11, 33], ["kernel": 3, "stride": 1, "padding": 1]),
        NamedLayer("windows of two by twos", [2, 2, 12, 34], ["kernel": 2, "stride": 2]),
        NamedLayer("windows of five by twos", [1, 2, 21, 40], ["kernel": 5, "stride": 2, "padding": 2]),
        NamedLayer("columns by twos", [1, 2, 21, 39], ["kernel": [2, 1], "stride": [1, 2]]),
        NamedLayer(
            "windows with uneven padding", [1, 3, 13, 26],
            ["kernel": [2, 6], "stride": [1, 2], "padding": [[0, 1], [4, 1]]]),
        NamedLayer("windows of nearly a row", [1, 2, 16, 24], ["kernel": [2, 17], "stride": 1, "padding": [0, 8]]),
        NamedLayer("windows by threes", [1, 2, 21, 40], ["kernel": 5, "stride": 3, "padding": 1]),
    ]

    /// The same with planes side by side, in numbers that are whole vectors and others, and in parts.
    private static let lastChannels = [
        NamedLayer(
            "kernels that overlap", [2, 20, 37, 11],
            ["layout": "channels_last", "kernel": [3, 4], "stride": 2, "padding": 1]),
        NamedLayer(
            "bins that overlap", [2, 19, 23, 16],
            ["layout": "channels_last", "region": "adaptive", "output_size": [5, 7]]),
        NamedLayer(
            "depths", [1, 5, 7, 9, 24],
            ["layout": "channels_last", "region": "adaptive", "output_size": [2, 3, 4]]),
        NamedLayer("planes in parts", [1, 9, 150, 44], ["layout": "channels_last", "kernel": 3, "stride": 3]),
        NamedLayer("whole planes", [2, 9, 13, 40], ["layout": "channels_last", "region": "global"]),
        NamedLayer("whole rows", [2, 12, 13, 9], ["layout": "channels_last", "kernel": [4, 13], "stride": [2, 1]]),
        NamedLayer("one axis", [2, 90, 19], ["layout": "channels_last", "kernel": [4], "stride": 3]),
    ]

    private static let parts = [
        NamedLayer(
            "random windows", [2, 2, 23, 31],
            ["region": "fractional", "kernel": [3, 2], "output_size": [11, 14], "seed": 3]),
        NamedLayer(
            "boxes", [2, 5, 17, 19], ["region": "roi", "output_size": [5, 6]],
            [.rois: Tensor([0, 2, 3, 15, 14, 1, 0, 0, 18, 16, 1, 9, 7, 14, 12], shape: [3, 5], .float64)]),
    ]

    private static let names: Set = ["lp", "power_avg", "logsumexp", "softmax", "product", "variance", "std", "mixed"]
    private static let ops = NamedOp.all.filter { names.contains($0.op) }

    @Test(arguments: layers + lastChannels + parts)
    func `results and gradients agree with the oracle, whatever the slices`(_ layer: NamedLayer) throws {
        let windows = try layer.oracle()
        var kernels: Set<String> = []
        for op in Self.ops {
            for type in [ElementType.float32, .bfloat16] {
                let values = op.values.tensor(shape: layer.shape, type)
                let forward = layer.request(op, input: GuardedMemory.holding(values))
                kernels.insert(try PoolingPlan(forward, limits: .roomy).kernel)
                #expect(try disagreement(forward, op, windowsOf: windows) == nil, "\(op), \(type)")
                let backward = forward.backward(GuardedMemory.holding(layer.gradOutput(windows, type)))
                #expect(try gradientDisagreement(backward, windowsOf: windows) == nil, "\(op), \(type)")
                for request in [forward, backward] {
                    #expect(try request.slicesThatDiffer() == [], "\(op), \(type), \(request.endpoint)")
                }
            }
        }
        #expect(kernels.contains { ["terms", "parts"].contains($0) }, "\(kernels)")
    }

    @Test(arguments: ["lp", "power_avg", "logsumexp", "softmax", "variance", "std"])
    func `gradients are computed from terms`(_ name: String) throws {
        let layer = Self.layers[0]
        let windows = try layer.oracle()
        let kernels = try Self.ops.filter { $0.op == name }.map { op in
            let forward = layer.request(op, input: op.values.tensor(shape: layer.shape, .float32))
            return try PoolingPlan(forward.backward(layer.gradOutput(windows, .float32)), limits: .roomy).kernel
        }
        #expect(kernels.contains("terms"), "\(kernels)")
    }

    /// In double precision: a rate that is no power of two.
    @Test(arguments: [("softmax", "beta"), ("logsumexp", "r")], [2, 3])
    func `terms that take long are kept for gradients only where windows share them`(
        _ name: (op: String, rate: String), _ stride: Int
    ) throws {
        let op = try #require(Self.ops.first { $0.op == name.op })
        let layer = NamedLayer(
            "channels last", [1, 12, 15, 19], ["layout": "channels_last", "kernel": 3, "stride": .whole(stride)])
        let forward = layer.request(op, input: op.values.tensor(shape: layer.shape, .float32))
        let backward = forward.backward(layer.gradOutput(try layer.oracle(), .float32))
        #expect(try PoolingPlan(backward, limits: .roomy).kernel == "terms")
        let wide = backward.with(name.rate, 1.25)
        #expect(try (PoolingPlan(wide, limits: .roomy).kernel == "terms") == (stride < 3))
    }

    @Test(arguments: [(11, true), (12, false)])
    func `products of windows too large for double precision are differentiated window by window`(
        _ kernel: Int, _ usesTerms: Bool
    ) throws {
        let op = try #require(Self.ops.first { $0.op == "product" })
        let layer = NamedLayer(
            "channels last", [1, 24, 24, 19], ["layout": "channels_last", "kernel": .whole(kernel)])
        let forward = layer.request(op, input: op.values.tensor(shape: layer.shape, .float32))
        let backward = forward.backward(layer.gradOutput(try layer.oracle(), .float32))
        #expect(try (PoolingPlan(backward, limits: .roomy).kernel == "terms") == usesTerms)
    }

    @Test(arguments: layers + parts)
    func `gradients of selections agree with the oracle`(_ layer: NamedLayer) throws {
        let windows = try layer.oracle()
        for op in NamedOp.all where ["max", "min"].contains(op.op) {
            for values in [ValueCorpus.normal, .manyTies] {
                let forward = layer.request(op, input: values.tensor(shape: layer.shape, .float32))
                let backward = forward.backward(layer.gradOutput(windows, .float32))
                #expect(try gradientDisagreement(backward, windowsOf: windows) == nil, "\(op), \(values)")
                #expect(try backward.slicesThatDiffer() == [], "\(op), \(values)")
            }
        }
    }

    @Test(arguments: ops)
    func `windows that values may force to be folded alone cost what they read`(_ op: NamedOp) throws {
        let (kernel, side) = (64, 256 - 64 + 1)
        let input = try Tensor(allocating: .float32, shape: [1, 2, 256, 256])
        let layer = NamedLayer("wide", input.shape, ["kernel": .whole(kernel), "stride": 1])
        let forward = layer.request(op, input: input)
        let gradOutput = try Tensor(allocating: .float32, shape: [1, 2, side, side])
        for request in [forward, forward.backward(gradOutput)] {
            let cost = try PoolingPlan(request, limits: .roomy).cost.operations
            #expect(cost >= 2 * side * side * kernel * kernel, "\(request.endpoint)")
        }
    }

    @Test(arguments: ["softmax", "logsumexp", "std"], [false, true])
    func `windows that are folded by themselves stop with the computation`(_ name: String, isBackward: Bool) throws {
        let op = try #require(Self.ops.first { $0.op == name })
        // Exponents out of range, and deviations that cancel.
        let input = Tensor([Double](repeating: 1e5, count: 64 * 64), shape: [1, 1, 64, 64], .float32)
        let layer = NamedLayer("far", input.shape, ["kernel": 32, "stride": 1])
        var request = layer.request(op, input: input)
        if isBackward { request = request.backward(try Tensor(allocating: .float32, shape: [1, 1, 33, 33])) }
        let cancellation = Cancellation()
        cancellation.cancel()
        let (plan, operands) = (try PoolingPlan(request, limits: .roomy), try Operands(request))
        #expect(throws: PoolingError.self) {
            try plan.execute(operands, in: Workspace(cancellation: cancellation))
        }
    }

    @Test(arguments: [("softmax", 1.0, -480.0), ("softmax", 10.0, -52.0), ("logsumexp", 1.0, -525.0)])
    func `a cell that is masked by the smallest number has no part in its window`(
        _ name: String, _ rate: Double, _ cell: Double
    ) throws {
        let smallest = -Double(Float.greatestFiniteMagnitude)
        var cells = [Double](repeating: cell, count: 24 * 24)
        for masked in [25, 30, 99] { cells[masked] = smallest }
        let input = Tensor(cells, shape: [1, 1, 24, 24], .float32)
        let parameter = name == "softmax" ? "beta" : "r"
        let fields: Fields = ["kernel": 2, "stride": 1, parameter: FieldValue(floatLiteral: rate)]
        let forward = request(name, fields, input: input)
        let values = try forward.result(.output).realElements
        let share = name == "softmax" ? 0 : log(0.75) / rate
        // Rounded to float32.
        #expect(values.allSatisfy { min(($0 - cell).magnitude, ($0 - cell - share).magnitude) <= 1e-4 })
        let gradOutput = Tensor([Double](repeating: 1, count: 23 * 23), shape: [1, 1, 23, 23], .float32)
        let gradients = try forward.backward(gradOutput).result(.gradInput).realElements
        #expect([25, 30, 99].allSatisfy { gradients[$0] == 0 })
    }

    /// Against float64, whose own error is nothing next to it; each bound with the largest cell of the whole input.
    @Test(arguments: ["logsumexp", "softmax", "mixed"], [(2, 0.5), (3, 20), (11, 1), (32, 10)])
    func `sums in single precision keep their bound`(_ name: String, _ layer: (kernel: Int, scale: Double)) throws {
        let kernel = layer.kernel
        let normal = ValueCorpus.normal.tensor(shape: [16, 40, 43], .float32).realElements
        let cells = normal.map { Double(Float($0 * layer.scale)) }
        let largest = cells.reduce(0) { max($0, $1.magnitude) }
        let roundings = Double(2 * kernel + 2)
        let bound =
            switch name {
            case "logsumexp": roundings * 0x1p-24 + 0x1p-23 * largest
            case "softmax": roundings * 0x1p-23 * largest
            default: (roundings * 0x1p-24 * 0.5 + 0x1p-23 * 0.5) * largest
            }
        for (layout, shape) in [("channels_first", [16, 40, 43]), ("channels_last", [40, 43, 16])] {
            let fields: Fields = ["kernel": .whole(kernel), "stride": 2, "layout": .string(layout)]
            func output(_ type: ElementType) throws -> [Double] {
                try request(name, fields, input: Tensor(cells, shape: shape, type)).result(.output).realElements
            }
            for (got, want) in zip(try output(.float32), try output(.float64)) {
                #expect((got - want).magnitude <= bound + Double(Float(want).ulp) / 2, "\(got), expected \(want)")
            }
        }
    }

    private static let extremes: [[Double]] = [
        [.nan, 1], [.infinity, -1], [-.infinity, 2], [.infinity, -.infinity], [3e38, -3e38], [900, -900], [-900, -901],
        [1e-44, 0], [1000.5, 1000.25], [0, 0],
    ]

    @Test(arguments: extremes, [false, true])
    func `a window with extreme cells is pooled as by itself, and changes no other`(
        _ extreme: [Double], channelsLast: Bool
    ) throws {
        // Windows of 8 by 8 cells, the second of which in the first row of the second channel is another.
        let (channels, cell) = channelsLast ? (11, 11) : (2, 1)
        let (shape, start) = channelsLast ? ([1, 16, 24, channels], 1) : ([1, channels, 16, 24], 384)
        let window = channelsLast ? channels + 1 : 7
        let layout = channelsLast ? "channels_last" : "channels_first"
        let cells = (0..<64).map { place in start + (place / 8 * 24 + 8 + place % 8) * cell }
        let calm = ValueCorpus.positive.tensor(shape: shape, .float32).realElements
        var values = calm
        for (number, cell) in cells.enumerated() { values[cell] = extreme[number % extreme.count] }
        let layer = NamedLayer(
            "extreme", shape, ["layout": .string(layout), "region": "adaptive", "output_size": [2, 3]])
        let alone = NamedLayer("alone", [1, 1, 8, 8], ["region": "adaptive", "output_size": [1, 1]])
        for op in Self.ops {
            let calmRequest = layer.request(op, input: Tensor(calm, shape: shape, .float32))
            let request = layer.request(op, input: Tensor(values, shape: shape, .float32))
            let cut = alone.request(op, input: Tensor(cells.map { values[$0] }, shape: alone.shape, .float32))
            var result = try request.result(.output).realElements
            var expected = try calmRequest.result(.output).realElements
            expected[window] = try cut.result(.output).realElements[0]
            #expect(Self.areSame(result, expected, besides: [window]), "\(op)")

            let gradOutput = ValueCorpus.normal.tensor(
                shape: try request.result(.output).shape, .float32)
            let incoming = Tensor([gradOutput.realElements[window]], shape: [1, 1, 1, 1], .float32)
            result = try request.backward(gradOutput).result(.gradInput).realElements
            expected = try calmRequest.backward(gradOutput).result(.gradInput).realElements
            let gradients = try cut.backward(incoming).result(.gradInput).realElements
            for (cell, gradient) in zip(cells, gradients) { expected[cell] = gradient }
            #expect(Self.areSame(result, expected, besides: Set(cells)), "\(op), gradient")
        }
    }

    private static let smallest = Double(Float.leastNonzeroMagnitude)

    /// Whether numbers are the same, or near enough where the kernels that computed them differ.
    private static func areSame(_ left: [Double], _ right: [Double], besides others: Set<Int>) -> Bool {
        left.count == right.count
            && left.indices.allSatisfy {
                left[$0] == right[$0] || (left[$0].isNaN && right[$0].isNaN)
                    || others.contains($0)
                        && (left[$0] - right[$0]).magnitude <= 1e-6 * right[$0].magnitude + 2 * smallest
            }
    }
}
